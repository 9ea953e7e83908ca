// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslPrep;

/** What the six mechanisms have in common: the same exchange with another hash, bound to the channel or not. */
final class Scram {

    /** 192 bits, which base64 writes without a comma. */
    private static final int NONCE_OCTETS = 24;

    private final Hash hash;
    private final boolean binds;
    private final SaltedPasswords passwords;
    private final Supplier<String> nonces;

    private Scram(Hash hash, boolean binds, SaltedPasswords passwords, Supplier<String> nonces) {
        this.hash = hash;
        this.binds = binds;
        this.passwords = passwords;
        this.nonces = nonces;
    }

    static Scram unbound(Hash hash, SaltedPasswords passwords) {
        return new Scram(hash, false, passwords, randomNonces());
    }

    static Scram bound(Hash hash, SaltedPasswords passwords) {
        return new Scram(hash, true, passwords, randomNonces());
    }

    /** The same with nonces that a test knows beforehand. */
    Scram withNonces(Supplier<String> known) {
        return new Scram(hash, binds, passwords, known);
    }

    private static Supplier<String> randomNonces() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] nonce = new byte[NONCE_OCTETS];
            random.nextBytes(nonce);
            return Base64.getEncoder().encodeToString(nonce);
        };
    }

    SaslExchange open(SaslContext context, Credential credential) {
        if (!(credential instanceof PasswordCredential account)) {
            throw new IllegalArgumentException("SCRAM needs a password");
        }
        Gs2Header header = binds ? Gs2Header.bound(hash, context) : Gs2Header.unbound(hash, context);
        byte[] user = SaslPrep.prepared(account.user().getBytes(StandardCharsets.UTF_8), "user name");
        requirePassword(account);
        return new ScramExchange(
                hash,
                header,
                SaslName.of(new String(user, StandardCharsets.UTF_8), "user name"),
                nonces.get(),
                account,
                passwords);
    }

    /** Now rather than after the first round trip. */
    private static void requirePassword(PasswordCredential account) {
        byte[] password = account.password().reveal(octets -> SaslPrep.prepared(octets, "password"));
        boolean empty = password.length == 0;
        Arrays.fill(password, (byte) 0);
        if (empty) {
            throw new IllegalArgumentException("the password is empty, which SCRAM does not permit");
        }
    }
}
