// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.auth;

import java.util.Optional;
import java.util.Set;
import org.postern.auth.login.LoginMechanism;
import org.postern.auth.oauth.OAuthBearerMechanism;
import org.postern.auth.oauth.XOAuth2Mechanism;
import org.postern.auth.plain.PlainMechanism;
import org.postern.auth.scram.SaltedPasswords;
import org.postern.auth.scram.ScramSha256;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.TlsEvidence;

/**
 * This side: a mechanism as it is deployed, and an account.
 *
 * @param name the registered name
 * @param mechanism the mechanism
 */
record Client(String name, SaslMechanism mechanism) {

    static final String USER = "relay@customer.example";
    static final String PASSWORD = "correct-horse-battery-staple";
    /** As long as those of large providers are. */
    static final String TOKEN = "ya29." + "a0AbVbY6Nk3sX9".repeat(85);

    private static final Peer PEER = new Peer("localhost", 587);

    /** The session, as far as a mechanism sees it. */
    private record Peer(String host, int port) implements SaslContext {

        @Override
        public Optional<String> authorizationIdentity() {
            return Optional.empty();
        }

        @Override
        public Set<String> offeredMechanisms() {
            return Set.of();
        }

        @Override
        public Optional<TlsEvidence> tls() {
            return Optional.empty();
        }
    }

    /** @param passwords what SCRAM remembers */
    static Client of(String name, SaltedPasswords passwords) {
        return new Client(
                name,
                switch (name) {
                    case "PLAIN" -> new PlainMechanism();
                    case "LOGIN" -> new LoginMechanism();
                    case "CRAM-MD5" -> RuntimeMechanism.of(name);
                    case "SCRAM-SHA-256" -> new ScramSha256(passwords);
                    case "XOAUTH2" -> new XOAuth2Mechanism();
                    case "OAUTHBEARER" -> new OAuthBearerMechanism();
                    default -> throw new IllegalArgumentException(name);
                });
    }

    private boolean takesTokens() {
        return name.equals("XOAUTH2") || name.equals("OAUTHBEARER");
    }

    /** Password or token. */
    String secret() {
        return takesTokens() ? TOKEN : PASSWORD;
    }

    /** The account, which the caller closes. */
    Credential account() {
        CredentialVersion version = new CredentialVersion("1");
        return takesTokens()
                ? new BearerToken(USER, Secret.of(TOKEN), version, Optional.empty(), Set.of())
                : new PasswordCredential(USER, Secret.of(PASSWORD), version, Optional.empty(), Set.of());
    }

    SaslExchange open(Credential account) {
        return mechanism.open(PEER, account);
    }
}
