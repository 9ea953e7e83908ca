// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.peer.ScriptedPeer;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.AuthClient;
import org.postern.testkit.FixedSaslContext;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises comes from the contract; below it stands what SAMPLE promises. */
class SampleMechanismTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return new SampleMechanism();
    }

    /** What a server asks in a run that succeeds. */
    @Override
    public List<Octets> challenges() {
        return List.of(Octets.utf8("what do ya want for nothing?"));
    }

    @Override
    public List<Credential> inexpressible() {
        return List.of(credential("", Secret.of("a password")), credential("user", Secret.of("")));
    }

    @Test
    void provesThatItKnowsThePassword() {
        try (Credential credential = credential("user", Secret.of("Jefe"));
                SaslExchange exchange = mechanism().open(FixedSaslContext.plain(), credential)) {
            assertThat(exchange.initialResponse()).hasValue(Octets.utf8("user"));
            // RFC 4231 section 4.3.
            byte[] proof = HexFormat.of().parseHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
            assertThat(exchange.respond(challenges().getFirst())).isEqualTo(new SaslStep.Respond(Octets.wrap(proof)));
        }
    }

    /** Over a socket. Servers that behave badly are files beside this one. */
    @Test
    void authenticatesToAServer() throws IOException {
        Path dialogue = Path.of("src/test/dialogues/authenticates.dialogue");
        try (ScriptedPeer peer = ScriptedPeer.play(dialogue);
                Credential credential = credential("alice", Secret.of("wonderland"));
                SaslExchange exchange = mechanism().open(FixedSaslContext.plain(), credential)) {
            assertThat(AuthClient.authenticate(peer.port(), "SAMPLE", exchange)).isEqualTo("authenticated");
        }
    }

    @Test
    void answersOnce() {
        try (Credential credential = credential("user", Secret.of("secret"));
                SaslExchange exchange = mechanism().open(FixedSaslContext.plain(), credential)) {
            exchange.respond(Octets.utf8("first"));
            assertThat(exchange.respond(Octets.utf8("second"))).isInstanceOf(SaslStep.Abort.class);
        }
    }
}
