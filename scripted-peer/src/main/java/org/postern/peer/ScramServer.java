// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSession;

/**
 * SCRAM (RFC 5802), with channel binding if the name ends in {@code -PLUS}. The salt of a user is derived from its name,
 * as it would be the same each time in a server's records.
 */
public final class ScramServer implements ServerMechanism {

    private static final int ITERATIONS = 4_096;
    private static final int SALT_OCTETS = 16;
    private static final String PLUS = "-PLUS";
    private static final Verdict.Denied DENIED = new Verdict.Denied("535 5.7.8 authentication failed");
    private static final Verdict.Denied MALFORMED = new Verdict.Denied("501 5.5.2 that is no SCRAM");

    private static final Pattern FIRST =
            Pattern.compile("([ny]|p=([A-Za-z0-9.-]+)),(?:a=([^,]*))?,(n=([^,]*),r=([!-+\\--~]+))");
    private static final Pattern FINAL = Pattern.compile("(c=([^,]+),r=([!-+\\--~]+)),p=([^,]+)");

    private final String name;
    private final String hash;
    private final int iterations;
    private final SecureRandom random = new SecureRandom();

    /**
     * A server for one mechanism.
     *
     * @param name such as {@code SCRAM-SHA-256} or {@code SCRAM-SHA-256-PLUS}
     */
    public ScramServer(String name) {
        this(name, ITERATIONS);
    }

    /** The same with another iteration count than 4,096. */
    public ScramServer(String name, int iterations) {
        this.name = name;
        this.hash = name.replaceFirst("^SCRAM-", "").replaceFirst(PLUS + "$", "");
        this.iterations = iterations;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isOfferedTo(Optional<SSLSession> tls) {
        return !name.endsWith(PLUS) || tls.isPresent();
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return new Run(accounts, Optional.empty(), false);
    }

    @Override
    public Exchange begin(Accounts accounts, Optional<SSLSession> tls, boolean offersBinding) {
        return new Run(accounts, tls, offersBinding);
    }

    private final class Run implements Exchange {

        private final Accounts accounts;
        private final Optional<SSLSession> tls;
        private final boolean offersBinding;
        private String header;
        private Optional<String> binding = Optional.empty();
        private String user;
        private String firstMessages;
        private String nonce;
        private boolean proven;

        Run(Accounts accounts, Optional<SSLSession> tls, boolean offersBinding) {
            this.accounts = accounts;
            this.tls = tls;
            this.offersBinding = offersBinding;
        }

        @Override
        public Verdict next(Optional<byte[]> response) {
            if (response.isEmpty()) {
                return new Verdict.Challenge(new byte[0]);
            }
            if (proven) {
                return response.get().length == 0 ? new Verdict.Granted(user) : MALFORMED;
            }
            String text = new String(response.get(), StandardCharsets.UTF_8);
            return nonce == null ? first(text) : last(text);
        }

        private Verdict first(String text) {
            Matcher message = FIRST.matcher(text);
            if (!message.matches()) {
                return MALFORMED;
            }
            header = text.substring(0, message.start(4));
            binding = Optional.ofNullable(message.group(2));
            if (binding.isPresent() != name.endsWith(PLUS)) {
                return MALFORMED;
            }
            if (header.startsWith("y") && offersBinding) {
                return challenge("e=server-does-support-channel-binding");
            }
            user = message.group(5).replace("=2C", ",").replace("=3D", "=");
            nonce = message.group(6) + extension();
            String answer = "r=" + nonce + ",s=" + base64(salt()) + ",i=" + iterations;
            firstMessages = message.group(4) + "," + answer;
            return challenge(answer);
        }

        private String extension() {
            byte[] octets = new byte[18];
            random.nextBytes(octets);
            return base64(octets);
        }

        private byte[] salt() {
            return Arrays.copyOf(digest(user.getBytes(StandardCharsets.UTF_8)), SALT_OCTETS);
        }

        private Verdict last(String text) {
            Matcher message = FINAL.matcher(text);
            if (!message.matches() || !message.group(3).equals(nonce)) {
                return MALFORMED;
            }
            if (!MessageDigest.isEqual(bound(), Base64.getDecoder().decode(message.group(2)))) {
                return challenge("e=channel-bindings-dont-match");
            }
            Optional<byte[]> password = accounts.passwordOf(user);
            return password.isEmpty()
                    ? DENIED
                    : judge(
                            password.get(),
                            message.group(1),
                            Base64.getDecoder().decode(message.group(4)));
        }

        private byte[] bound() {
            byte[] start = header.getBytes(StandardCharsets.UTF_8);
            byte[] data = binding.flatMap(kind -> tls.flatMap(session -> ServerBinding.of(kind, session)))
                    .orElse(new byte[0]);
            byte[] all = Arrays.copyOf(start, start.length + data.length);
            System.arraycopy(data, 0, all, start.length, data.length);
            return all;
        }

        private Verdict judge(byte[] password, String withoutProof, byte[] proof) {
            byte[] salted = salted(new String(password, StandardCharsets.UTF_8));
            byte[] signed = (firstMessages + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
            byte[] storedKey = digest(hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII)));
            byte[] clientKey = hmac(storedKey, signed);
            for (int i = 0; i < Math.min(proof.length, clientKey.length); i++) {
                clientKey[i] ^= proof[i];
            }
            if (!MessageDigest.isEqual(digest(clientKey), storedKey)) {
                return DENIED;
            }
            proven = true;
            byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
            return challenge("v=" + base64(hmac(serverKey, signed)));
        }

        private byte[] salted(String password) {
            char[] prepared =
                    Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
            int bits = digest(new byte[0]).length * 8;
            try {
                return SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash.replace("-", ""))
                        .generateSecret(new PBEKeySpec(prepared, salt(), iterations, bits))
                        .getEncoded();
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException(missing);
            }
        }
    }

    private byte[] digest(byte[] octets) {
        try {
            return MessageDigest.getInstance(hash).digest(octets);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private byte[] hmac(byte[] key, byte[] octets) {
        try {
            Mac mac = Mac.getInstance("Hmac" + hash.replace("-", ""));
            mac.init(new SecretKeySpec(key, "HMAC"));
            return mac.doFinal(octets);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private static Verdict challenge(String text) {
        return new Verdict.Challenge(text.getBytes(StandardCharsets.UTF_8));
    }
}
