// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.launcher.control.ControlClient;
import org.postern.peer.MailPeer;

/** What an operator does with a long queue, by the command line, while the relay runs. */
@Timeout(300)
class QueueIT {

    private static final int MESSAGES = 20_000;
    private static final int CONNECTIONS = 32;
    private static final int FLIGHT = 25;
    private static final int DESTINATIONS = 4;

    /** Every fifth message of a destination leaves by the binding "night". */
    private static final int NIGHT = 5;

    private static final Pattern RETRIED = Pattern.compile("^([0-9,]+) to be tried now(?:; ([0-9,]+) left alone)?");

    @TempDir
    private Path folder;

    private MailPeer peer;
    private RelayProcess relay;

    @BeforeEach
    void startWithALongQueue() throws Exception {
        peer = MailPeer.builder().start();
        configure(true);
        relay = RelayProcess.start(folder.resolve("postern.conf")).ready();
        fill();
        await(() -> tally("--state", "held").startsWith("20,000 entries of 20,000 messages for 4 destinations"));
    }

    @AfterEach
    void stop() {
        relay.close();
        peer.close();
    }

    private void configure(boolean suspended) throws IOException {
        StringBuilder text = new StringBuilder("""
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_Local { }
                TLS = "no"
                Suspend_Delivery = %1$s
                Binding "night" { Suspend_Delivery = %1$s }
                Domain "d3.example" {
                  Outbound_SMTP_AUTH_Type = "PLAIN"
                  Outbound_SMTP_AUTH_User = "mailer"
                  Outbound_SMTP_AUTH_Pass = "wonderland"
                }
                """.formatted(suspended));
        for (int i = 0; i < DESTINATIONS; i++) {
            text.append("Domain \"d%d.example\" { Routes = ( \"smtp://localhost:%d\" ) }%n".formatted(i, peer.port()));
        }
        Files.writeString(folder.resolve("postern.conf"), text);
    }

    // ---------------------------------------------------------------- mail in

    private void fill() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int first = i;
                all.add(clients.submit(() -> submit(first)));
            }
            for (Future<?> one : all) {
                one.get(120, TimeUnit.SECONDS);
            }
        }
    }

    /** Sends one message in so many, several in a flight. */
    private Void submit(int first) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
            socket.setSoTimeout(60_000);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            OutputStream out = socket.getOutputStream();
            expect(in, "220", 1);
            out.write("EHLO test.example\r\n".getBytes(US_ASCII));
            expect(in, "250", 1);
            for (int at = first; at < MESSAGES; at += CONNECTIONS * FLIGHT) {
                StringBuilder flight = new StringBuilder();
                int count = 0;
                for (int i = at; i < Math.min(MESSAGES, at + CONNECTIONS * FLIGHT); i += CONNECTIONS) {
                    flight.append(message(i));
                    count++;
                }
                out.write(flight.toString().getBytes(US_ASCII));
                expect(in, "250", 3 * count);
            }
            return null;
        }
    }

    private static String message(int number) {
        boolean night = number / DESTINATIONS % NIGHT == 0;
        String content = (night ? "X-Binding: night\r\n" : "") + "Subject: " + number + "\r\n\r\nhello\r\n";
        return "MAIL FROM:<sender@example.org>\r\nRCPT TO:<m" + number + "@d" + number % DESTINATIONS + ".example>\r\n"
                + "BDAT " + content.length() + " LAST\r\n" + content;
    }

    private static void expect(BufferedReader in, String code, int replies) throws IOException {
        int heard = 0;
        while (heard < replies) {
            String line = in.readLine();
            assertThat(line).startsWith(code);
            heard += line.charAt(3) == ' ' ? 1 : 0;
        }
    }

    // ---------------------------------------------------------------- the command line

    /** What the command line says, and on which stream: what takes long has its progress on the second. */
    private record Said(int code, String out, String err) {

        String last() {
            assertThat(code).as(out + err).isZero();
            return out.lines().toList().getLast();
        }
    }

    /** Asks the relay as the command line does, without the start of a process. */
    private Said verb(String input, String verb, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            int code = new ControlClient(
                            new ByteArrayInputStream(input.getBytes(UTF_8)),
                            new PrintStream(out, true, UTF_8),
                            new PrintStream(err, true, UTF_8))
                    .run(folder, verb, List.of(words));
            return new Said(code, out.toString(UTF_8), err.toString(UTF_8));
        } catch (IOException failed) {
            throw new AssertionError(failed + "\n" + relay.said(), failed);
        }
    }

    private Said queue(String... words) {
        return verb("", "queue", words);
    }

    /** What is said of this change, which has to succeed. */
    private String change(String... words) {
        return queue(words).last();
    }

    /** What is said of all that fits. */
    private String tally(String... filter) {
        List<String> words = new ArrayList<>(List.of("list", "--summary"));
        words.addAll(List.of(filter));
        return queue(words.toArray(String[]::new)).last();
    }

    /** Runs a command as a process, the command line's heap being no larger than this. */
    private static Process command(String heap, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("POSTERN_JAVA_OPTS", "-Xmx" + heap);
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        return builder.start();
    }

    private static String postern() throws IOException {
        return Path.of(System.getProperty("postern.home"))
                .toRealPath()
                .resolve("postern")
                .toString();
    }

    private static String ended(Process process) throws IOException, InterruptedException {
        try {
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(250))
                .until(condition);
    }

    @Test
    void findsHoldsReleasesRetriesAndRemovesTwentyThousandMessagesByFilterAndAll() throws Exception {
        findsMailByEveryFilter();
        listsEverythingWithinASmallHeap();
        holdsAllAndShowsHowFarItIs();
        changesWhatAFilterMeans();
        removesWhatAnOperatorAgreesTo();
        deliversTheRestOnce();
        endsWithTheCodeThatFits();
    }

    private void findsMailByEveryFilter() {
        assertThat(tally("--domain", "d1.example")).startsWith("5,000 entries of 5,000 messages for 1 destination,");
        assertThat(tally("--binding", "night")).startsWith("4,000 entries of 4,000 messages for 4 destinations,");
        assertThat(tally("--identity", "mailer")).startsWith("5,000 entries of 5,000 messages for 1 destination,");
        assertThat(tally("--identity", "")).startsWith("15,000 entries of 15,000 messages for 3 destinations,");
        assertThat(tally("--reason", "suspended by binding")).startsWith("4,000 entries of 4,000 messages for 4 ");
        assertThat(tally("--younger", "1h")).startsWith("20,000 entries of 20,000 messages");
        assertThat(tally("--older", "1h")).isEqualTo("nothing waits");
        assertThat(tally("--domain", "d*.example", "--binding", "night", "--identity", "mailer"))
                .startsWith("1,000 entries of 1,000 messages for 1 destination,");
        assertThat(change("list", "--limit", "10")).endsWith("; the oldest 10 are shown");
    }

    private void listsEverythingWithinASmallHeap() throws Exception {
        String printed = ended(command("24m", postern(), "queue", "--instance", folder.toString(), "list", "--json"));
        assertThat(printed.lines()).hasSize(MESSAGES).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    private void holdsAllAndShowsHowFarItIs() throws Exception {
        String line = postern() + " queue --instance " + folder + " hold --all";
        String printed = ended(command("24m", "script", "-q", "-e", "-c", line, "/dev/null"));
        assertThat(printed).containsPattern("hold: [0-9,]+ of 20,000").containsPattern("[0-9,]+ put on hold");
        holdUntil("20,000", "--all");
    }

    /** What is being looked at when the command comes is left alone, and held by the next one. */
    private void holdUntil(String onHold, String... filter) {
        List<String> words = new ArrayList<>(List.of("hold"));
        words.addAll(List.of(filter));
        await(() -> {
            queue(words.toArray(String[]::new));
            return tally("--state", "on-hold").startsWith(onHold + " entries of " + onHold + " messages");
        });
    }

    private void changesWhatAFilterMeans() {
        assertThat(change("release", "--reason", "suspended by binding", "--dry-run"))
                .startsWith("release would concern 4,000 entries of 4,000 messages for 4 destinations,");
        assertThat(change("release", "--reason", "suspended by binding")).isEqualTo("4,000 released");
        await(() -> tally("--state", "held", "--binding", "night").startsWith("4,000 entries of 4,000 messages"));

        Matcher retried = RETRIED.matcher(change("retry", "--binding", "night"));
        assertThat(retried.find()).isTrue();
        assertThat(number(retried.group(1))).isPositive();
        assertThat(number(retried.group(1)) + number(retried.group(2))).isEqualTo(4_000);
        assertThat(change("retry", "--binding", "default"))
                .startsWith("0 to be tried now; 16,000 left alone, being delivered or not in a state for it");

        holdUntil("17,000", "--domain", "d0.example", "--binding", "night");
        holdUntil("20,000", "--binding", "night");
    }

    private static int number(String written) {
        return written == null ? 0 : Integer.parseInt(written.replace(",", ""));
    }

    private void removesWhatAnOperatorAgreesTo() {
        Said refused = verb("n\n", "queue", "remove", "--domain", "d1.example");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Remove 5,000 entries of 5,000 messages for 1 destination")
                .contains("nothing was removed");
        assertThat(tally()).startsWith("20,000 entries of 20,000 messages");

        assertThat(verb("y\n", "queue", "remove", "--domain", "d1.example").last())
                .isEqualTo("5,000 removed");
        assertThat(change("remove", "--identity", "mailer", "--yes")).isEqualTo("5,000 removed");
        assertThat(change("remove", "--binding", "night", "--yes")).isEqualTo("2,000 removed");
        assertThat(tally()).startsWith("8,000 entries of 8,000 messages for 2 destinations,");
    }

    private void deliversTheRestOnce() throws Exception {
        configure(false);
        assertThat(verb("", "reload").code()).isZero();
        assertThat(change("release", "--domain", "d0.*")).isEqualTo("4,000 released");
        await(() -> tally().startsWith("4,000 entries of 4,000 messages for 1 destination,"));
        assertThat(peer.messageCount()).isEqualTo(4_000);

        assertThat(change("release", "--all")).isEqualTo("4,000 released");
        await(() -> tally().equals("nothing waits"));
        assertThat(peer.messages().stream().flatMap(message -> message.recipients().stream()))
                .hasSize(8_000)
                .doesNotHaveDuplicates()
                .allMatch(recipient -> recipient.endsWith("@d0.example") || recipient.endsWith("@d2.example"));
    }

    private void endsWithTheCodeThatFits() {
        Said nothing = queue("hold", "--all");
        assertThat(nothing.code()).isZero();
        assertThat(nothing.err()).contains("nothing waits that is meant by this");
        Said unknown = queue("show", "1k0xvfsjxp5");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("no message 1k0xvfsjxp5 waits here");
        for (String[] wrong : List.of(
                new String[] {"remove"}, new String[] {"hold", "--older", "soon"}, new String[] {"retry", "--all", "x"
                })) {
            assertThat(queue(wrong).code()).isEqualTo(2);
        }
    }
}
