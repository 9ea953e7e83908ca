// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.credential.Secret;

/**
 * What the nodes share and the database does not have. Under it lie the names and the values of registers: whoever reads the
 * database or a copy of it learns how many there are, and no more.
 *
 * <p>Each value is sealed by AES-256-GCM under a key of its own, which is derived with 16 random octets, so that no number of
 * values is too great for one key.
 *
 * <p>Threading: any thread.
 */
final class ClusterKey {

    /** Characters in the file; 32 random octets in Base64 are 44. */
    private static final int SHORTEST = 32;

    private static final String MAC = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int SALT = 16;
    private static final int TAG_BITS = 128;
    private static final int OCTETS_SHOWN = 12;
    // Of a key that seals one value.
    private static final GCMParameterSpec NONCE = new GCMParameterSpec(TAG_BITS, new byte[12]);

    private final SecureRandom random = new SecureRandom();
    private final Key sealing;
    private final Key naming;
    private final Key tagging;

    /** A register's name and value. */
    record Opened(String name, byte[] value) {}

    ClusterKey(Secret shared) {
        Key all = shared.reveal(octets -> new SecretKeySpec(octets, MAC));
        this.sealing = new SecretKeySpec(code(all, "seal", new byte[0]), MAC);
        this.naming = new SecretKeySpec(code(all, "name", new byte[0]), MAC);
        this.tagging = new SecretKeySpec(code(all, "tag", new byte[0]), MAC);
    }

    /**
     * The one in the first line of a file.
     *
     * @throws IOException with one line for people, if it is not there, too short, or open to all
     */
    static ClusterKey read(Path file) throws IOException {
        try (Secret line = SecretFile.firstLine("Cluster_Key_File", file)) {
            if (line.length() < SHORTEST) {
                throw new IOException("Cluster_Key_File " + file + " has a first line of fewer than " + SHORTEST
                        + " octets: write one with openssl rand -base64 32, the same for all nodes");
            }
            return new ClusterKey(line);
        }
    }

    /** Under which the database knows a register. */
    byte[] name(String topic, String name) {
        return code(naming, topic, name.getBytes(StandardCharsets.UTF_8));
    }

    String tag(String purpose, Secret secret) {
        byte[] code = secret.reveal(octets -> code(tagging, purpose, octets));
        return HexFormat.of().formatHex(code, 0, OCTETS_SHOWN);
    }

    byte[] seal(String topic, String name, byte[] value) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        byte[] called = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer plain = ByteBuffer.allocate(Integer.BYTES + called.length + value.length)
                .putInt(called.length)
                .put(called)
                .put(value);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, topic, salt).doFinal(plain.array());
            return ByteBuffer.allocate(SALT + sealed.length)
                    .put(salt)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has " + CIPHER, impossible);
        } finally {
            Arrays.fill(plain.array(), (byte) 0);
        }
    }

    /** @throws IOException if it was not sealed under this key, for this topic */
    Opened open(String topic, byte[] sealed) throws IOException {
        if (sealed.length < SALT) {
            throw new IOException("it is cut off");
        }
        try {
            byte[] plain = cipher(Cipher.DECRYPT_MODE, topic, Arrays.copyOf(sealed, SALT))
                    .doFinal(sealed, SALT, sealed.length - SALT);
            ByteBuffer parts = ByteBuffer.wrap(plain);
            byte[] called = new byte[parts.getInt()];
            byte[] value = new byte[parts.remaining() - called.length];
            parts.get(called).get(value);
            Arrays.fill(plain, (byte) 0);
            return new Opened(new String(called, StandardCharsets.UTF_8), value);
        } catch (AEADBadTagException foreign) {
            throw new IOException("it was sealed under another key", foreign);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has " + CIPHER, impossible);
        }
    }

    private Cipher cipher(int mode, String topic, byte[] salt) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(code(sealing, topic, salt), "AES"), NONCE);
        cipher.updateAAD(topic.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] code(Key key, String purpose, byte[] octets) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            byte[] first = purpose.getBytes(StandardCharsets.UTF_8);
            // The length keeps "ab" + "c" and "a" + "bc" apart.
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(first.length).flip());
            mac.update(first);
            return mac.doFinal(octets);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has " + MAC, impossible);
        }
    }
}
