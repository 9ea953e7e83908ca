// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.postern.bench.Folders;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "./dev hostile",
        mixinStandardHelpOptions = true,
        description =
                "Lets the built relay meet bad peers, messages and names, a figure for each, beside mail that is good.",
        footerHeading = "%nKinds of bad input, as --only has them:%n",
        footer = {
            "  silent      ten thousand peers that accept and never answer, beside a good one",
            "  dribbling   ten thousand peers whose replies come octet by octet, beside a good one",
            "  endless     replies of endless length, in every place of a session",
            "  large       messages of 50 MB and 2 GiB, in a heap of 128 MB",
            "  recipients  a message for 10,000 recipients",
            "  domains     mail for a hundred thousand domains, answered and refused",
            "  exchangers  domains with thousands of MX records"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was lost, and nothing grew without bound",
            "1:something was or did; the table says what",
            "2:the command line is wrong",
            "4:it could not be run to its end"
        })
final class Hostile implements Callable<Integer> {

    private static final int FAULTY = 1;
    private static final int NOT_RUN = 4;

    @Option(
            names = "--only",
            paramLabel = "KIND",
            split = ",",
            description = "these kinds of bad input (default: all, about ten minutes)")
    private Set<String> only = Set.of();

    @Option(
            names = "--peers",
            paramLabel = "N",
            defaultValue = "10000",
            description = "how many peers dribble, or are silent (default: ${DEFAULT-VALUE})")
    private int peers;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "12",
            description = "pairs of stretches that count, without bad peers and beside them; before them come"
                    + " half as many that do not count (default: ${DEFAULT-VALUE})")
    private int pairs;

    @Option(names = "--home", description = "the built home (default: launcher/target/postern of the checkout)")
    private Path home = Path.of("launcher/target/postern");

    @Option(names = "--folder", description = "for queues, on a disk (default: bench/target/hostile)")
    private Path folder = Path.of("bench/target/hostile");

    @Spec
    private CommandSpec spec;

    private static Map<String, Trial> trials() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        trials.put("silent", BadPeersTrial.silent());
        trials.put("dribbling", BadPeersTrial.dribbling());
        trials.put("endless", new EndlessTrial());
        trials.put("large", new LargeTrial());
        trials.put("recipients", new RecipientsTrial());
        trials.put("domains", new DomainsTrial());
        trials.put("exchangers", new ExchangersTrial());
        return trials;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Hostile()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Trial> trials = trials();
        check(trials.keySet());
        List<Finding> findings = new ArrayList<>();
        try {
            for (Map.Entry<String, Trial> trial : trials.entrySet()) {
                if (only.isEmpty() || only.contains(trial.getKey())) {
                    findings.add(trial.getValue().run(ground(trial.getKey())));
                }
            }
        } catch (IOException failure) {
            conclude(findings);
            say("Not run to its end: " + failure.getMessage() + " (see " + folder + ")");
            return NOT_RUN;
        }
        int code = conclude(findings);
        if (code == CommandLine.ExitCode.OK) {
            Folders.delete(folder.toAbsolutePath());
        } else {
            say("The logs of the relays are in " + folder + ".");
        }
        return code;
    }

    private void check(Set<String> known) {
        if (!known.containsAll(only)) {
            throw new ParameterException(spec.commandLine(), "--only knows " + String.join(", ", known));
        }
        if (peers < 1 || pairs < 2) {
            throw new ParameterException(spec.commandLine(), "--peers must be at least 1, --pairs at least 2");
        }
    }

    private Ground ground(String name) {
        return new Ground(home.toAbsolutePath(), folder.toAbsolutePath().resolve(name), peers, pairs, line -> {
            spec.commandLine().getErr().println(name + ": " + line);
            spec.commandLine().getErr().flush();
        });
    }

    private int conclude(List<Finding> findings) {
        FindingTable.lines(findings).forEach(this::say);
        return findings.stream().allMatch(Finding::isGood) ? CommandLine.ExitCode.OK : FAULTY;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
