// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * An opened vault file of format KDBX 4: its XML, and what it takes to seal it again in the way it was sealed. Closing
 * it wipes the protected values. Not safe for several threads.
 */
public final class Kdbx implements AutoCloseable {

    /** Octets that a file may have. */
    public static final int LARGEST_FILE = 32 * 1024 * 1024;

    private static final int LARGEST_CONTENT = 64 * 1024 * 1024;
    private static final int CODE = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final OuterHeader outer;
    private final InnerHeader inner;
    private final Element root;

    private Kdbx(OuterHeader outer, InnerHeader inner, Element root) {
        this.outer = outer;
        this.inner = inner;
        this.root = Objects.requireNonNull(root, "root");
    }

    /** A new vault with this content, whose key is 32 random octets. */
    public static Kdbx forRandomKey(Element root) {
        return fresh(KeyDerivation.forRandomKey(RANDOM), root);
    }

    /** A new vault with this content, whose key is a passphrase. */
    public static Kdbx forPassphrase(Element root) {
        return fresh(KeyDerivation.forPassphrase(RANDOM), root);
    }

    private static Kdbx fresh(KeyDerivation derivation, Element root) {
        return new Kdbx(OuterHeader.fresh(derivation, RANDOM), InnerHeader.fresh(RANDOM), root);
    }

    /** A new vault of a given make, for tests of what other tools write. */
    static Kdbx fresh(OuterCipher cipher, KeyDerivation derivation, Element root) {
        return new Kdbx(OuterHeader.fresh(cipher, derivation, RANDOM), InnerHeader.fresh(RANDOM), root);
    }

    /**
     * Opens a file. Nothing is decrypted before every part of it was found to be what the owner of the key wrote.
     *
     * @param file all of its octets
     * @throws UnreadableVaultException if it is damaged, of another format, beyond the bounds or sealed with another key
     */
    public static Kdbx open(byte[] file, CompositeKey key) throws UnreadableVaultException {
        Reading in = new Reading(file);
        OuterHeader outer = OuterHeader.read(file, in);
        byte[] header = Arrays.copyOf(file, in.position() - CODE);
        try (FileKeys keys = FileKeys.derive(key, outer)) {
            if (!MessageDigest.isEqual(in.take(CODE), keys.headerCode(header))) {
                throw UnreadableVaultException.wrongKey();
            }
            return content(outer, AuthenticatedBlocks.read(in, keys), keys);
        }
    }

    private static Kdbx content(OuterHeader outer, byte[] sealed, FileKeys keys) throws UnreadableVaultException {
        byte[] plain = outer.cipher().decrypt(keys.content(), outer.iv(), sealed);
        byte[] content = outer.compressed() ? Compression.unpack(plain, LARGEST_CONTENT) : plain;
        try {
            Reading in = new Reading(content);
            InnerHeader inner = InnerHeader.read(in);
            return new Kdbx(outer, inner, new XmlReader(inner.stream()).read(content, in.position()));
        } finally {
            // Its beginning is the key of the protected values.
            Arrays.fill(plain, (byte) 0);
            Arrays.fill(content, (byte) 0);
        }
    }

    /** Seals the content under fresh seeds, in the way the file was sealed before. */
    public byte[] seal(CompositeKey key) {
        OuterHeader fresh = outer.reseeded(RANDOM);
        byte[] header = fresh.toByteArray();
        try (FileKeys keys = FileKeys.derive(key, fresh)) {
            Writing out = new Writing().put(header).put(Digests.sha256(header)).put(keys.headerCode(header));
            byte[] content = content(fresh);
            AuthenticatedBlocks.write(fresh.cipher().encrypt(keys.content(), fresh.iv(), content), keys, out);
            Arrays.fill(content, (byte) 0);
            return out.toByteArray();
        }
    }

    private byte[] content(OuterHeader fresh) {
        InnerHeader header = inner.reseeded(RANDOM);
        Writing out = new Writing();
        header.write(out);
        out.put(new XmlWriter(header.stream()).write(root));
        return fresh.compressed() ? Compression.pack(out.toByteArray()) : out.toByteArray();
    }

    /**
     * The same content, to be sealed with a key of another kind. Shares its elements with this one: one of the two is
     * closed.
     *
     * @param random whether the new key is 32 random octets and not a passphrase
     */
    public Kdbx forOtherKey(boolean random) {
        KeyDerivation derivation = random ? KeyDerivation.forRandomKey(RANDOM) : KeyDerivation.forPassphrase(RANDOM);
        return new Kdbx(OuterHeader.fresh(derivation, RANDOM), inner, root);
    }

    /** The outermost element; changes to it are sealed with the file. */
    public Element root() {
        return root;
    }

    /** How the key is stretched, for people. */
    public String derivation() {
        return outer.derivation().describe();
    }

    /** Whether a text can be written into a vault: XML has no place for most control characters. */
    public static boolean canCarry(String text) {
        return XmlWriter.canCarry(text);
    }

    @Override
    public void close() {
        root.close();
    }
}
