// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;

class AskedPasswordMechanismTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return Honest::new;
    }

    @Override
    public List<Octets> challenges() {
        return List.of(Octets.utf8("password?"));
    }

    @Override
    public List<Credential> inexpressible() {
        return List.of(credential("user", Secret.of("with\0NUL-in-it")));
    }

    /** Says the user first and the password when asked. */
    static class Honest implements SaslExchange {

        final byte[] password;
        final String user;
        private boolean answered;

        Honest(SaslContext context, Credential credential) {
            this.user = credential.user();
            this.password = ((PasswordCredential) credential).password().reveal(byte[]::clone);
            for (byte octet : password) {
                if (octet == 0) {
                    throw new IllegalArgumentException("the password holds a NUL");
                }
            }
        }

        @Override
        public Optional<Octets> initialResponse() {
            return Optional.of(Octets.utf8(user));
        }

        @Override
        public SaslStep respond(Octets challenge) {
            if (answered) {
                return new SaslStep.Abort("one challenge was expected");
            }
            answered = true;
            return new SaslStep.Respond(Octets.copyOf(password));
        }

        @Override
        public void close() {
            Arrays.fill(password, (byte) 0);
        }
    }
}
