// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line: one target after the other, each in a process of its own. */
@Command(
        name = "./dev fuzz",
        mixinStandardHelpOptions = true,
        description = "Searches for inputs that break what reads a stranger's words. Ends with 0 if none was found,"
                + " with 1 if one was.")
final class Fuzz implements Callable<Integer> {

    private static final int FOUND = 1;

    @Parameters(
            paramLabel = "TARGET",
            arity = "0..*",
            description = "what to try; everything if nothing is named: see --list")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "how long in all, shared evenly among the targets (default: 60 for each)")
    private Integer seconds;

    @Option(names = "--list", description = "lists the targets and the inputs that are kept for each")
    private boolean list;

    @Option(
            names = "--module",
            paramLabel = "FOLDER",
            description = "the folder of the module, with its corpus (default: ${DEFAULT-VALUE})")
    private Path module = Path.of("fuzz");

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Fuzz()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Corpus corpus = new Corpus(module.toAbsolutePath());
        return list ? list(corpus) : fuzz(corpus);
    }

    private int list(Corpus corpus) throws IOException {
        for (Target target : Target.values()) {
            say("%-20s %3d inputs kept", target.label(), corpus.files(target).size());
        }
        return CommandLine.ExitCode.OK;
    }

    private int fuzz(Corpus corpus) throws IOException, InterruptedException {
        Set<Target> targets = targets();
        int each = share(targets.size());
        List<String> broken = new ArrayList<>();
        for (Target target : targets) {
            Search search = new Search(target, corpus, module.toAbsolutePath());
            say("%s: searching for %d s", target.label(), each);
            if (!search.run(each, line -> say("%s: %s", target.label(), line))) {
                broken.add(target.label());
                search.advice().forEach(line -> say("%s", line));
            }
        }
        say(broken.isEmpty() ? "Nothing was found." : "Found: " + String.join(", ", broken));
        return broken.isEmpty() ? CommandLine.ExitCode.OK : FOUND;
    }

    private Set<Target> targets() {
        Set<Target> chosen = EnumSet.noneOf(Target.class);
        for (String label : labels) {
            chosen.add(Target.of(label)
                    .orElseThrow(() -> wrong("there is no target " + label + "; there are "
                            + Arrays.stream(Target.values()).map(Target::label).collect(Collectors.joining(", ")))));
        }
        return chosen.isEmpty() ? EnumSet.allOf(Target.class) : chosen;
    }

    private int share(int targets) {
        if (seconds == null) {
            return 60;
        }
        if (seconds < targets) {
            throw wrong("--seconds must be at least 1 for each target, which makes " + targets);
        }
        return seconds / targets;
    }

    private ParameterException wrong(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    private void say(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }
}
