// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.util.Optional;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;

/** The least that a server takes for PLAIN; the mechanism that ships is a bundle of its own. */
final class PlainForTests implements SaslMechanism {

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        PasswordCredential password = (PasswordCredential) credential;
        String secret =
                password.password().reveal(octets -> new String(octets, java.nio.charset.StandardCharsets.UTF_8));
        return new SaslExchange() {

            @Override
            public Optional<Octets> initialResponse() {
                return Optional.of(Octets.utf8("\0" + password.user() + "\0" + secret));
            }

            @Override
            public SaslStep respond(Octets challenge) {
                return new SaslStep.Abort("PLAIN has one message");
            }

            @Override
            public void close() {}
        };
    }
}
