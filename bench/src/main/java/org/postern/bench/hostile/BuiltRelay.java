// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.bench.Folders;
import org.postern.bench.crash.RelayProcess;

/** A relay as it ships, in a process of its own, with a small heap. Used by one thread. */
final class BuiltRelay implements AutoCloseable {

    private static final Pattern ENTRIES = Pattern.compile("(?m)^([0-9,]+) entr(y|ies) of ");
    private static final String NONE = "nothing waits";
    private static final long ASKED_SECONDS = 120;
    /** Each time the listener itself waits five seconds. */
    private static final int ENGINE_ASKED = 12;

    private static final String WITHOUT_TLS = "TLS = \"no\"\nDSN_Throttle = 0\n";

    private final Path home;
    private final Path folder;
    private final RelayProcess process;
    private final int port;

    private BuiltRelay(Path home, Path folder, RelayProcess process, int port) {
        this.home = home;
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param home the built home
     * @param folder for all that it has; emptied
     * @param options of the JVM, a small heap among them
     * @param listener options of its listener
     * @param scopes the rest of its configuration
     */
    static BuiltRelay start(Path home, Path folder, String options, String listener, String scopes)
            throws IOException, InterruptedException {
        Folders.fresh(folder);
        Files.writeString(folder.resolve("postern.conf"), WITHOUT_TLS + scopes + """

                ESMTP_Listener {
                  %s
                  Listen "127.0.0.1:0" { }
                }
                """.formatted(listener));
        RelayProcess process = RelayProcess.start(home, folder, options);
        try {
            int port = process.awaitReady();
            awaitEngine(port);
            return new BuiltRelay(home, folder, process, port);
        } catch (IOException failure) {
            process.close();
            throw failure;
        }
    }

    /** A listener may be there before what it hands mail to, where the machine has much to do. */
    private static void awaitEngine(int port) throws IOException {
        try (Sender sender = new Sender(port)) {
            String reply = "";
            for (int asked = 0; asked < ENGINE_ASKED; asked++) {
                reply = sender.announce(1);
                if (reply.startsWith("250")) {
                    return;
                }
            }
            throw new IOException("the relay takes no mail: " + reply);
        }
    }

    int port() {
        return port;
    }

    /** The most that it has had in memory so far, in MiB. */
    long mostResident() throws IOException {
        return process.processes().mostResident() >> 20;
    }

    double cpuSeconds() throws IOException {
        return process.processes().cpuSeconds();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How many entries its queue has, by its own command. */
    long waiting() throws IOException, InterruptedException {
        Path said = folder.resolve("queue");
        Process command = new ProcessBuilder(
                        home.resolve("postern").toString(),
                        "queue",
                        "--instance",
                        folder.resolve("state").toString(),
                        "list",
                        "--limit",
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!command.waitFor(ASKED_SECONDS, TimeUnit.SECONDS)) {
            command.destroyForcibly();
            throw new IOException("the queue does not answer within " + ASKED_SECONDS + " s");
        }
        return entries(Files.readString(said));
    }

    /** What the last line of {@code queue list} counts. */
    static long entries(String said) throws IOException {
        Matcher found = ENTRIES.matcher(said);
        if (found.find()) {
            return Long.parseLong(found.group(1).replace(",", ""));
        }
        if (said.contains(NONE)) {
            return 0;
        }
        throw new IOException("the queue command says: " + said.strip());
    }

    /** Ends it. Its log stays. */
    @Override
    public void close() throws IOException {
        process.close();
        Folders.delete(folder.resolve("state"));
    }
}
