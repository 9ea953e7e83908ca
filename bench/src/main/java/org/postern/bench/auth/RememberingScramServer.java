// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.postern.peer.Accounts;
import org.postern.peer.ServerMechanism;

/**
 * The other side of SCRAM-SHA-256 for one account, as a server has it in its records: salted once. It signs and does not
 * check, one hash in all, so that next to nothing of what is measured is its own.
 */
final class RememberingScramServer implements ServerMechanism {

    private static final byte[] SALT = "a salt of 16 oct".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final int iterations;
    private final SecretKeySpec serverKey;
    private final AtomicLong nonces = new AtomicLong();

    RememberingScramServer(String password, int iterations) {
        this.iterations = iterations;
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, iterations, 256))
                    .getEncoded();
            serverKey = key(hmac(key(salted), "Server Key"));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static SecretKeySpec key(byte[] octets) {
        return new SecretKeySpec(octets, "HmacSHA256");
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Override
    public String name() {
        return "SCRAM-SHA-256";
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return new Run();
    }

    private final class Run implements Exchange {
        private String bare;
        private String first;
        private boolean over;

        @Override
        public Verdict next(Optional<byte[]> response) {
            if (response.isEmpty()) {
                return new Verdict.Challenge(NOTHING);
            }
            if (over) {
                return new Verdict.Granted(Client.USER);
            }
            String text = new String(response.get(), StandardCharsets.US_ASCII);
            return challenge(first == null ? first(text) : last(text));
        }

        private String first(String text) {
            // Behind the GS2 header: "n,," or "y,,".
            bare = text.substring(3);
            first = bare.substring(bare.indexOf("r=")) + nonces.incrementAndGet() + ",s="
                    + Base64.getEncoder().encodeToString(SALT) + ",i=" + iterations;
            return first;
        }

        private String last(String text) {
            over = true;
            String signed = bare + "," + first + "," + text.substring(0, text.lastIndexOf(",p="));
            return "v=" + Base64.getEncoder().encodeToString(hmac(serverKey, signed));
        }

        private static Verdict challenge(String text) {
            return new Verdict.Challenge(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
