// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The relays that the command line asks for. */
final class Contestants {

    static final String POSTERN = "Postern";

    private final Options options;
    private final Consumer<String> why;

    /** @param why told what is missing */
    Contestants(Options options, Consumer<String> why) {
        this.options = options;
        this.why = why;
    }

    /** Postern first; none of them runs. */
    List<Relay> relays(Path folder, SinkProcess sink, Demand demand) throws IOException, InterruptedException {
        List<Relay> relays = new ArrayList<>();
        if (options.only != Options.Only.POSTFIX) {
            relays.add(postern(POSTERN, folder, sink, demand));
        }
        if (options.against != null) {
            relays.add(
                    PosternRelay.of("Other", options.against.toAbsolutePath(), folder.resolve("other"), sink, demand));
        } else if (options.only != Options.Only.POSTERN) {
            rival(folder, sink, demand).ifPresent(relays::add);
        }
        return relays;
    }

    private Optional<? extends Relay> rival(Path folder, SinkProcess sink, Demand demand)
            throws IOException, InterruptedException {
        return switch (options.beside) {
            case POSTFIX -> PostfixRelay.find(folder.resolve("postfix"), sink, demand, why);
            case EXIM -> EximRelay.find(options.exim, folder.resolve("exim"), sink, demand, why);
            case HARAKA -> HarakaRelay.find(options.haraka, folder.resolve("haraka"), sink, demand, why);
        };
    }

    /** Postern alone. */
    Relay postern(String name, Path folder, SinkProcess sink, Demand demand) throws IOException, InterruptedException {
        return PosternRelay.of(
                name,
                options.home.toAbsolutePath(),
                folder.resolve(name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT)),
                sink,
                demand);
    }
}
