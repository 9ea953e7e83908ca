// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import static org.postern.core.state.StateFile.decoded;
import static org.postern.core.state.StateFile.encoded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postern.core.state.StateFile;

/**
 * Keeps the counts in the state directory: a line for each account and window in which something happened.
 *
 * <p>Threading: safe for many threads.
 */
public final class LimitFile {

    private static final String HEADING = "postern limits 1\n";
    private static final String NOTHING = "-";
    private static final int FIELDS = 6;

    private final StateFile file;

    /** @param directory the state directory of a relay */
    public LimitFile(Path directory) {
        this.file = new StateFile(directory, "limits");
    }

    /** One count. */
    record Kept(Account account, Counted counted, Rate.Window window, Map<Long, Long> parts) {}

    List<Kept> read() throws IOException {
        return file.read(LimitFile::parse);
    }

    void write(List<Kept> all) throws IOException {
        file.replace(all.stream().map(LimitFile::line).collect(Collectors.joining("", HEADING, "")));
    }

    private static String line(Kept one) {
        return encoded(one.account().peer())
                + " " + encoded(one.account().user())
                + " " + one.account().authorization().map(StateFile::encoded).orElse(NOTHING)
                + " " + one.counted().word()
                + " " + one.window().letter()
                + " "
                + one.parts().entrySet().stream()
                        .map(part -> part.getKey() + ":" + part.getValue())
                        .collect(Collectors.joining(","))
                + "\n";
    }

    private static Optional<Kept> parse(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS || fields[4].length() != 1) {
            return Optional.empty();
        }
        try {
            Optional<String> authorization =
                    fields[2].equals(NOTHING) ? Optional.empty() : Optional.of(decoded(fields[2]));
            return Optional.of(new Kept(
                    new Account(decoded(fields[1]), authorization, decoded(fields[0])),
                    Counted.named(fields[3]),
                    Rate.Window.of(fields[4].charAt(0)),
                    parts(fields[5])));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Map<Long, Long> parts(String field) {
        Map<Long, Long> parts = new TreeMap<>();
        for (String part : field.split(",")) {
            String[] sides = part.split(":");
            long count = sides.length == 2 ? Long.parseLong(sides[1]) : 0;
            if (count <= 0 || count > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("not a count: " + part);
            }
            parts.put(Long.valueOf(sides[0]), count);
        }
        return parts;
    }
}
