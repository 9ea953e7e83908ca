// SPDX-License-Identifier: Apache-2.0
package org.postern.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;

/** One message through a relay that somebody else's container runs, to a peer that wants a password. */
final class Errand implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("SMTP listener on 127\\.0\\.0\\.1:([0-9]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final MailPeer peer;
    private final Path configuration;

    Errand(Path folder) throws IOException {
        this.folder = folder;
        this.peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("bob", "builder")
                .start();
        this.configuration = Files.writeString(folder.resolve("postern.conf"), """
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_Local { }
                Domain "peer.example" {
                  Routes = ( "smtp://127.0.0.1:%d" )
                  Outbound_SMTP_AUTH_User = "bob"
                  Outbound_SMTP_AUTH_Pass = "builder"
                }
                """.formatted(peer.port()));
    }

    /** What the container has to know, as lines of a file: the two properties of the framework that Postern reads. */
    String properties() throws IOException {
        Path state = Files.createDirectories(folder.resolve("state"));
        return "postern.conf = " + configuration + "\npostern.state = " + state + "\n";
    }

    /**
     * Waits until the relay listens, hands it a message with the command that ships, and waits for the peer to have it.
     *
     * @param log where the container logs
     * @param container its process
     */
    void run(Path log, ProcessHandle container) throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(!container.isAlive()
                                || LISTENS.matcher(read(log)).find())
                        .as(read(log))
                        .isTrue());
        Matcher listens = LISTENS.matcher(read(log));
        assertThat(listens.find()).as(read(log)).isTrue();
        send("127.0.0.1:" + listens.group(1));
        await().atMost(PATIENCE).until(() -> peer.messageCount() == 1);
        ReceivedMessage message = peer.messages().getFirst();
        assertThat(message.user()).contains("bob");
        assertThat(new String(message.content(), StandardCharsets.UTF_8)).contains("Subject: elsewhere");
    }

    private void send(String server) throws Exception {
        Path home = Path.of(System.getProperty("postern.home")).toRealPath();
        ProcessBuilder send = new ProcessBuilder(
                home.resolve("postern").toString(),
                "send",
                "--server=" + server,
                "-f",
                "s@example.org",
                "x@peer.example");
        send.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = send.redirectErrorStream(true).start();
        try (var input = process.getOutputStream()) {
            input.write("Subject: elsewhere\n\nIt works.\n".getBytes(StandardCharsets.US_ASCII));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    static String read(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @Override
    public void close() {
        peer.close();
    }
}
