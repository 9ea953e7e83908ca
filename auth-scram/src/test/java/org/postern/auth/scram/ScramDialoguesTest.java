// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postern.peer.ScriptedPeer;
import org.postern.spi.credential.Credential;
import org.postern.spi.sasl.SaslExchange;
import org.postern.testkit.AuthClient;
import org.postern.testkit.FixedSaslContext;

/**
 * Plays every file of {@code src/test/dialogues}: the user is {@code user}, the password {@code pencil}, and the nonce that
 * of RFC 7677. The remark {@code then} says what becomes of it.
 */
class ScramDialoguesTest {

    private static final Path FILES = Path.of("src/test/dialogues");
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String THEN = "# then: ";

    @TestFactory
    Stream<DynamicTest> dialogues() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            List<Path> sorted = files.sorted().toList();
            assertThat(sorted).hasSizeGreaterThan(20);
            return sorted.stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)));
        }
    }

    private static void play(Path file) throws IOException {
        Scram scram = Scram.unbound(Hash.SHA_256, new SaltedPasswords()).withNonces(() -> NONCE);
        try (ScriptedPeer peer = ScriptedPeer.play(file);
                Credential credential = Accounts.account("user", "pencil");
                SaslExchange exchange = scram.open(FixedSaslContext.plain(), credential)) {
            String outcome = AuthClient.authenticate(peer.port(), "SCRAM-SHA-256", exchange);
            peer.verify();
            assertThat(THEN + outcome).isIn(Files.readAllLines(file));
        }
    }
}
