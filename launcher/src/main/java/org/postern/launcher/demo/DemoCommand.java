// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.util.concurrent.Callable;
import org.postern.launcher.Home;
import org.postern.launcher.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The verb {@code demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Shows the main job on this machine alone: a relay with the shipped bundles, two peers that demand"
                        + " TLS and AUTH (one PLAIN, one LOGIN), and mail that keeps flowing while the credentials move into the"
                        + " vault, one is changed, and the LOGIN bundle is replaced.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:every message came once, octet for octet, under the right identity",
            " 1:not so, or something could not be done",
            " 2:the command line is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern demo",
            "  postern demo --messages 5000",
            "  postern demo --keep                  play with it, Ctrl-C ends it",
            "  postern demo --json 2>/dev/null      for scripts"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final int MOST = 1_000_000;

    private final Home home;
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many messages; ${DEFAULT-VALUE} if not given.")
    private int messages;

    @Option(names = "--keep", description = "Leaves relay and peers running until Ctrl-C.")
    private boolean keep;

    @Option(
            names = "--json",
            description = "Prints one JSON object on standard output, and progress on standard error.")
    private boolean json;

    /** With the bundles of this home. */
    public DemoCommand(Home home, Terminal terminal) {
        this.home = home;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        if (messages < 20 || messages > MOST) {
            throw new ParameterException(spec.commandLine(), "--messages takes a number from 20 to " + MOST);
        }
        return new Demo(home, terminal, new Demo.Wishes(messages, keep, json)).run();
    }
}
