// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The clear part at the beginning of a vault. Immutable; fields of other tools are kept. */
final class OuterHeader {

    private static final int SIGNATURE_1 = 0x9AA2D903;
    private static final int SIGNATURE_2 = 0xB54BFB67;
    private static final int MAJOR = 4;
    private static final int MOST_FIELDS = 64;

    private static final int END = 0;
    private static final int CIPHER = 2;
    private static final int COMPRESSION = 3;
    private static final int MASTER_SEED = 4;
    private static final int IV = 7;
    private static final int DERIVATION = 11;
    private static final byte[] END_MARK = {'\r', '\n', '\r', '\n'};

    private static final int SEED_LENGTH = 32;
    private static final int HASH = 32;
    private static final int GZIP = 1;

    private final int minor;
    private final Map<Integer, byte[]> fields;
    private final OuterCipher cipher;
    private final KeyDerivation derivation;

    private OuterHeader(int minor, Map<Integer, byte[]> fields) throws UnreadableVaultException {
        this.minor = minor;
        this.fields = fields;
        this.cipher = OuterCipher.of(field(CIPHER));
        require("initialisation vector", IV, cipher.ivLength());
        require("master seed", MASTER_SEED, SEED_LENGTH);
        require("compression", COMPRESSION, Integer.BYTES);
        this.derivation = KeyDerivation.read(field(DERIVATION));
    }

    /** The header of a new vault: ChaCha20 is left to those who ask for it, AES is what every tool reads. */
    static OuterHeader fresh(KeyDerivation derivation, SecureRandom random) {
        return fresh(OuterCipher.AES_256_CBC, derivation, random);
    }

    static OuterHeader fresh(OuterCipher cipher, KeyDerivation derivation, SecureRandom random) {
        Map<Integer, byte[]> fields = new LinkedHashMap<>();
        fields.put(CIPHER, cipher.id());
        fields.put(COMPRESSION, new Writing().int32(GZIP).toByteArray());
        fields.put(MASTER_SEED, random(SEED_LENGTH, random));
        fields.put(IV, random(cipher.ivLength(), random));
        fields.put(DERIVATION, derivation.parameters());
        return checked(0, fields);
    }

    /** Reads the beginning of a file and checks it against the hash that follows it. */
    static OuterHeader read(byte[] file, Reading in) throws UnreadableVaultException {
        if (in.remaining() < 12 || in.int32() != SIGNATURE_1 || in.int32() != SIGNATURE_2) {
            throw new UnreadableVaultException("is not a KeePass file");
        }
        int minor = in.int16();
        int major = in.int16();
        if (major != MAJOR) {
            throw new UnreadableVaultException("has format KDBX " + major + "." + minor
                    + ", and only KDBX 4 is understood: save it as KDBX 4 with KeePassXC");
        }
        Map<Integer, byte[]> fields = fields(in);
        byte[] header = Arrays.copyOf(file, in.position());
        if (!MessageDigest.isEqual(in.take(HASH), Digests.sha256(header))) {
            throw new UnreadableVaultException("is damaged: its header fails its check");
        }
        return new OuterHeader(minor, fields);
    }

    private static Map<Integer, byte[]> fields(Reading in) throws UnreadableVaultException {
        Map<Integer, byte[]> fields = new LinkedHashMap<>();
        for (int id = in.octet(); id != END; id = in.octet()) {
            if (fields.size() >= MOST_FIELDS || fields.put(id, in.field()) != null) {
                throw new UnreadableVaultException("has a damaged header");
            }
        }
        in.field();
        return fields;
    }

    byte[] toByteArray() {
        Writing out =
                new Writing().int32(SIGNATURE_1).int32(SIGNATURE_2).int16(minor).int16(MAJOR);
        fields.forEach((id, value) -> out.octet(id).field(value));
        return out.octet(END).field(END_MARK).toByteArray();
    }

    /** The same choices under new seeds, as every rewrite needs them. */
    OuterHeader reseeded(SecureRandom random) {
        Map<Integer, byte[]> fresh = new LinkedHashMap<>(fields);
        fresh.put(MASTER_SEED, random(SEED_LENGTH, random));
        fresh.put(IV, random(cipher.ivLength(), random));
        fresh.put(DERIVATION, derivation.freshSalt(random).parameters());
        return checked(minor, fresh);
    }

    OuterCipher cipher() {
        return cipher;
    }

    KeyDerivation derivation() {
        return derivation;
    }

    byte[] masterSeed() {
        return fields.get(MASTER_SEED);
    }

    byte[] iv() {
        return fields.get(IV);
    }

    boolean compressed() {
        return fields.get(COMPRESSION)[0] == GZIP;
    }

    private byte[] field(int id) throws UnreadableVaultException {
        byte[] value = fields.get(id);
        if (value == null) {
            throw new UnreadableVaultException("has a damaged header");
        }
        return value;
    }

    private void require(String what, int id, int length) throws UnreadableVaultException {
        if (field(id).length != length) {
            throw new UnreadableVaultException("has a damaged header: its " + what + " has another length");
        }
    }

    private static OuterHeader checked(int minor, Map<Integer, byte[]> fields) {
        try {
            return new OuterHeader(minor, fields);
        } catch (UnreadableVaultException ofOurOwn) {
            throw new IllegalStateException(Arrays.toString(fields.keySet().toArray()), ofOurOwn);
        }
    }

    private static byte[] random(int length, SecureRandom random) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }
}
