// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.core.auth.DowngradeFile;
import org.postern.core.auth.Endpoint;
import org.postern.core.auth.ProvenMechanism;
import org.postern.spi.command.OperatorCommand;

/**
 * {@code downgrades}: which hosts offer less than they did, and the operator's consent to it. Reads and writes files in the
 * state directory, so that it works beside a relay, inside it and without it.
 */
@Component(
        property = {
            OperatorCommand.VERB + "=downgrades",
            OperatorCommand.SUMMARY + "=Shows hosts that offer weaker mechanisms than before, and accepts them."
        })
public final class DowngradesCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;

    private static final Pattern HOST = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^\\[\\]:]+))(?::([0-9]{1,5}))?");
    private static final String USAGE = """
            usage: downgrades [--state DIR] list [--all]
                   downgrades [--state DIR] accept HOST[:PORT]

            Postern remembers with which host a login worked that shows no secret. A host that
            now offers only mechanisms that show it is refused, and its mail is held.

              list          the hosts that are refused; with --all, every host that is remembered
              accept        agrees to what HOST offers now, on one port or on all; a running relay
                            takes it up within a second and sends what it holds, and tells
                            those that share its queue and its key
              --state DIR   the state directory of the relay, whether it runs or not; 'state' beside its
                            configuration unless 'run' was told otherwise. With --instance DIR the
                            relay itself is asked, and knows.""";

    private final Optional<Path> ofThisRelay;

    /** Made by Declarative Services. A container that has a configuration is a relay's, and knows its state directory. */
    @Activate
    public DowngradesCommand(BundleContext context) {
        this(Optional.ofNullable(context.getProperty("postern.state"))
                .filter(state -> context.getProperty("postern.conf") != null)
                .map(Path::of));
    }

    DowngradesCommand(Optional<Path> ofThisRelay) {
        this.ofThisRelay = ofThisRelay;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.equals(List.of("--help"))) {
            out.println(USAGE);
            return DONE;
        }
        Deque<String> words = new ArrayDeque<>(arguments);
        Optional<Path> state = ofThisRelay;
        if ("--state".equals(words.peek())) {
            words.remove();
            state = Optional.ofNullable(words.poll()).map(Path::of);
        }
        if (state.isEmpty() || !Files.isDirectory(state.get())) {
            err.println(state.map(path -> "downgrades: there is no directory " + path)
                    .orElse("downgrades: say which relay is meant: --state DIR"));
            return ARGUMENTS;
        }
        try {
            return run(words, new DowngradeFile(state.get()), out, err);
        } catch (IOException failed) {
            err.println("downgrades: " + failed);
            return FAILED;
        }
    }

    private static int run(Deque<String> words, DowngradeFile file, PrintStream out, PrintStream err)
            throws IOException {
        String verb = words.isEmpty() ? "" : words.remove();
        List<String> rest = List.copyOf(words);
        if (verb.equals("list") && (rest.isEmpty() || rest.equals(List.of("--all")))) {
            return list(file.read(), !rest.isEmpty(), out);
        }
        if (verb.equals("accept") && rest.size() == 1) {
            Matcher host = HOST.matcher(rest.getFirst());
            if (host.matches()) {
                String name = Optional.ofNullable(host.group(1)).orElse(host.group(2));
                return accept(name, Optional.ofNullable(host.group(3)).map(Integer::valueOf), file, out, err);
            }
        }
        err.println(USAGE);
        return ARGUMENTS;
    }

    private static int list(List<ProvenMechanism> known, boolean all, PrintStream out) {
        List<ProvenMechanism> shown =
                known.stream().filter(one -> all || one.refusal().isPresent()).toList();
        shown.forEach(one -> out.println(line(one)));
        out.println(
                all ? shown.size() + " hosts and users are remembered" : shown.size() + " hosts and users are refused");
        return DONE;
    }

    private static String line(ProvenMechanism one) {
        String now = one.refusal()
                .map(refusal -> "; since " + refusal.since() + " it offers only " + refusal.offered())
                .orElse("");
        return one.endpoint() + " as '" + printable(one.user()) + "': took " + one.mechanism() + " since " + one.since()
                + now;
    }

    /** Names of users come from stores and configurations, and a terminal obeys control characters. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static int accept(String host, Optional<Integer> port, DowngradeFile file, PrintStream out, PrintStream err)
            throws IOException {
        List<ProvenMechanism> meant = file.read().stream()
                .filter(one -> one.endpoint()
                        .equals(new Endpoint(host, port.orElse(one.endpoint().port()))))
                .toList();
        if (meant.isEmpty()) {
            err.println("downgrades: nothing is remembered of " + host
                    + port.map(number -> ":" + number).orElse("") + "; 'downgrades list --all' shows what is");
            return FAILED;
        }
        file.accept(host, port);
        meant.forEach(one -> out.println("accepted: " + line(one)));
        return DONE;
    }
}
