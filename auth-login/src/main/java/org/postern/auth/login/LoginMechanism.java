// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.login;

import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;

/** LOGIN: the server asks for the user name and then for the password. It has no place for an authorization identity. */
@Component
@Mechanism(name = "LOGIN", revealsSecret = true, feeds = PasswordCredential.KIND)
@ServiceRanking(10)
public final class LoginMechanism implements SaslMechanism {

    /** Has no settings. */
    @Activate
    public LoginMechanism() {}

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        if (!(credential instanceof PasswordCredential account)) {
            throw new IllegalArgumentException("LOGIN needs a password");
        }
        if (context.authorizationIdentity()
                .filter(identity -> !identity.isEmpty())
                .isPresent()) {
            throw new IllegalArgumentException("LOGIN cannot carry an authorization identity");
        }
        byte[] user = sendable(account.user().getBytes(StandardCharsets.UTF_8), "user name");
        byte[] password =
                account.password().reveal(octets -> sendable(octets, "password").clone());
        return new LoginExchange(user, password);
    }

    /** Peers written in C end a string at NUL and would compare half a password. */
    private static byte[] sendable(byte[] octets, String field) {
        for (byte octet : octets) {
            if (octet == 0) {
                throw new IllegalArgumentException("the " + field + " holds a NUL, which LOGIN cannot carry");
            }
        }
        return octets;
    }
}
