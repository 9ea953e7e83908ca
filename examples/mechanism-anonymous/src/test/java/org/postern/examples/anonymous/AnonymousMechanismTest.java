// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.anonymous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.testkit.FixedSaslContext;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises, and what RFC 4505 says. */
class AnonymousMechanismTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return new AnonymousMechanism();
    }

    @Override
    public Credential credential(String user, Secret unused) {
        return new IdentityOnly(user);
    }

    @Override
    public List<Credential> inexpressible() {
        return List.of(
                new IdentityOnly("si\0rhc"),
                new IdentityOnly("sirhc\r\n"),
                new IdentityOnly("half of a pair \uD834"),
                new IdentityOnly("x".repeat(256)),
                new PasswordCredential(
                        "user", Secret.of("a password"), new CredentialVersion("1"), Optional.empty(), Set.of()));
    }

    private String said(String user) {
        try (SaslExchange exchange = mechanism().open(FixedSaslContext.plain(), new IdentityOnly(user))) {
            return exchange.initialResponse().orElseThrow().toUtf8();
        }
    }

    @Test
    void sendsTheUserAsTrace() {
        // RFC 4505 section 4.
        assertThat(said("sirhc")).isEqualTo("sirhc");
        assertThat(said("d\u00f6rte@example.org")).isEqualTo("d\u00f6rte@example.org");
        assertThat(said("\uD834\uDD1E".repeat(255))).hasSize(510);
    }

    @Test
    void saysAnEmptyMessageWithoutAUser() {
        try (SaslExchange exchange = mechanism().open(FixedSaslContext.plain(), new IdentityOnly(""))) {
            assertThat(exchange.initialResponse()).hasValue(Octets.EMPTY);
        }
    }

    @Test
    void saysWhatIsWrongWithATrace() {
        assertThatThrownBy(() -> said("x".repeat(256))).hasMessageContaining("more than 255 characters");
        assertThatThrownBy(() -> said("bell\u0007")).hasMessageContaining("control character");
    }
}
