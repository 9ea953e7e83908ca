// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.FakeExchange;
import org.postern.core.sasl.SaslDialogue;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.Octets;
import org.postern.spi.policy.InitialResponse;

/**
 * Plays every file of {@code src/test/dialogues} against a session. The remarks {@code given} and {@code then} in a file
 * say what the client is told and what it has to report; the rest is what goes over the wire.
 */
class DialogueFilesTest {

    private static final Path FILES = Path.of("src/test/dialogues");
    private static final TestAuthority AUTHORITY = TestAuthority.create();

    @TempDir
    static Path folder;

    private static Path caFile;

    @BeforeAll
    static void writesAuthority() throws IOException {
        caFile = AUTHORITY.writeRootPem(folder.resolve("ca.pem"));
    }

    @TestFactory
    Stream<DynamicTest> dialogues() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            List<Path> sorted = files.sorted().toList();
            return sorted.stream().map(file -> DynamicTest.dynamicTest(nameOf(file), () -> play(file)));
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replace(".dialogue", "");
    }

    private static void play(Path file) throws IOException {
        String text = Files.readString(file);
        Given given = Given.of(remark(text, "given"));
        try (ScriptedPeer peer = ScriptedPeer.playText(nameOf(file), text, AUTHORITY, Duration.ofSeconds(15))) {
            TestMessage message = given.message();
            String outcome = run(given, message, given.parameters(peer.port(), caFile));
            peer.verify();
            assertThat(outcome).isEqualTo(remark(text, "then"));
            assertThat(peer.contents())
                    .allSatisfy(content -> assertThat(content).isEqualTo(message.content()));
        }
    }

    private static String remark(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith("# " + name + ": "))
                .map(line -> line.substring(name.length() + 4))
                .collect(Collectors.joining(" "));
    }

    private static String run(Given given, TestMessage message, SessionParameters parameters) {
        List<String> outcome = new ArrayList<>();
        // One for each file: what it learns of a peer must not meet the next that gets the same port.
        try (SmtpConnector connector = new SmtpConnector();
                SmtpConnection connection = connector.open(parameters, WireTap.NONE)) {
            if (given.has("mechanisms")) {
                outcome.add("mechanisms " + connection.capabilities().mechanisms());
            }
            boolean ready = !given.has("auth") || authenticated(given, connection, outcome);
            if (ready) {
                outcome.add(sent(given, message, connection));
                connection.quit();
            }
        } catch (SmtpFault fault) {
            outcome.add(SendOutcome.of(fault));
        }
        return String.join(", ", outcome);
    }

    private static boolean authenticated(Given given, SmtpConnection connection, List<String> outcome)
            throws SmtpFault {
        String mechanism = given.word("auth", "");
        return switch (SaslDialogue.authenticate(
                connection, mechanism, exchange(given, mechanism), initialResponse(given))) {
            case AuthResult.Authenticated done -> outcome.add("authenticated");
            case AuthResult.Refused refused ->
                !outcome.add("auth refused " + refused.reply().code() + " at " + refused.stage());
            case AuthResult.Aborted aborted -> !outcome.add("auth aborted: " + aborted.reason());
        };
    }

    private static InitialResponse initialResponse(Given given) {
        return InitialResponse.of(given.word("initial", "auto"));
    }

    private static FakeExchange exchange(Given given, String mechanism) {
        String password = given.has("password") ? "x".repeat(given.number("password", 0)) : "secret";
        return switch (mechanism) {
            case "PLAIN" -> FakeExchange.first(Octets.utf8("\0user\0" + password));
            case "LOGIN" -> FakeExchange.serverFirst(Octets.utf8("user"), Octets.utf8(password));
            case "EMPTY" -> FakeExchange.first(Octets.EMPTY);
            case "PATIENT" ->
                FakeExchange.serverFirst(IntStream.range(0, 100)
                        .mapToObj(i -> Octets.utf8("ABC"))
                        .toArray(Octets[]::new));
            default -> throw new IllegalArgumentException(mechanism);
        };
    }

    private static String sent(Given given, TestMessage message, SmtpConnection connection) {
        List<String> outcomes = new ArrayList<>();
        String usable = "";
        for (int i = 0; i < given.number("messages", 1) && usable.isEmpty(); i++) {
            TransactionResult result = connection.send(given.outbound(message));
            outcomes.add(SendOutcome.of(result));
            usable = result.fault().isPresent() || isUsable(given, connection) ? "" : ", not usable";
        }
        return String.join("; ", outcomes) + usable;
    }

    /** What follows a reply may come a moment later. */
    private static boolean isUsable(Given given, SmtpConnection connection) {
        if (given.has("unusable")) {
            Awaitility.await().until(() -> !connection.isUsable());
        }
        return connection.isUsable();
    }
}
