// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.peer;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.postern.launcher.ExitCode;
import org.postern.launcher.Signals;
import org.postern.launcher.Terminal;
import org.postern.peer.ScriptedPeer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb {@code peer}. */
@Command(
        name = "peer",
        mixinStandardHelpOptions = true,
        description =
                "Plays an SMTP server on 127.0.0.1 that says what a dialogue tells it to, and shows what is said, passwords"
                        + " included. For trying a mechanism, or seeing again what a server did. Ctrl-C ends it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:ended by a signal",
            " 2:the command line is wrong",
            " 3:the file is missing or is no dialogue; the text names the line",
            " 4:the port is taken"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern peer authenticates.dialogue",
            "  postern peer --port 2600 refuses.dialogue",
            "",
            "docs/dialogues.md describes the language."
        })
public final class PeerCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "2526",
            description = "Where it listens; ${DEFAULT-VALUE} if not given, 0 for any that is free.")
    private int port;

    @Parameters(paramLabel = "FILE", description = "The dialogue.")
    private Path file;

    /** To this terminal. */
    public PeerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (port < 0 || port > LAST_PORT) {
            throw new ParameterException(spec.commandLine(), "--port takes a number from 0 to " + LAST_PORT);
        }
        try (ScriptedPeer peer = ScriptedPeer.perform(file, port, this::show)) {
            terminal.out().println(file + " is played on 127.0.0.1:" + peer.port() + ". Ctrl-C ends it.");
            Signals.ofProcess().next();
            return ExitCode.OK;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return ExitCode.OK;
        } catch (IllegalArgumentException noDialogue) {
            return refuse(noDialogue.getMessage(), ExitCode.CONFIGURATION);
        } catch (java.net.BindException taken) {
            return refuse("port " + port + " of 127.0.0.1 is taken; choose another with --port", ExitCode.CANNOT_START);
        } catch (CharacterCodingException binary) {
            return refuse(file + " is no text in UTF-8", ExitCode.CONFIGURATION);
        } catch (IOException unreadable) {
            return refuse(
                    file + " cannot be read (" + unreadable.getClass().getSimpleName() + ")", ExitCode.CONFIGURATION);
        }
    }

    private void show(String line) {
        terminal.out().println(line.startsWith("[") ? line : terminal.bad(line));
    }

    private int refuse(String why, int code) {
        terminal.err().println(terminal.bad("postern peer: ") + why);
        return code;
    }
}
