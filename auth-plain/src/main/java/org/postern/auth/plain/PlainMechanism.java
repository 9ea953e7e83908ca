// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.plain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslPrep;

/** PLAIN: {@code [authzid] NUL authcid NUL passwd}, in one message. */
@Component
@Mechanism(name = "PLAIN", revealsSecret = true, feeds = PasswordCredential.KIND)
@ServiceRanking(20)
public final class PlainMechanism implements SaslMechanism {

    /** Has no settings. */
    @Activate
    public PlainMechanism() {}

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        if (!(credential instanceof PasswordCredential account)) {
            throw new IllegalArgumentException("PLAIN needs a password");
        }
        byte[] authorization = authorization(context);
        byte[] user =
                notEmpty(SaslPrep.prepared(account.user().getBytes(StandardCharsets.UTF_8), "user name"), "user name");
        byte[] password = account.password().reveal(octets -> SaslPrep.prepared(octets, "password"));
        try {
            return new PlainExchange(message(authorization, user, notEmpty(password, "password")));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    /** Prepared by the server (RFC 4616 section 2), so it goes as it is. */
    private static byte[] authorization(SaslContext context) {
        String identity = context.authorizationIdentity().orElse("");
        if (identity.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the authorization identity holds a NUL, which PLAIN cannot carry");
        }
        return identity.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] notEmpty(byte[] octets, String field) {
        if (octets.length == 0) {
            throw new IllegalArgumentException("the " + field + " is empty, which PLAIN does not permit");
        }
        return octets;
    }

    /** Exactly two NULs: one more at the end and strict peers see another password. */
    private static byte[] message(byte[] authorization, byte[] user, byte[] password) {
        byte[] message = Arrays.copyOf(authorization, authorization.length + user.length + password.length + 2);
        System.arraycopy(user, 0, message, authorization.length + 1, user.length);
        System.arraycopy(password, 0, message, authorization.length + user.length + 2, password.length);
        return message;
    }
}
