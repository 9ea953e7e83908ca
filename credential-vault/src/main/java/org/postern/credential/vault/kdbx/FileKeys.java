// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.util.Arrays;

/** The keys of one state of a file, derived from the master key and the header's seed. Wiped when closed. */
final class FileKeys implements AutoCloseable {

    private static final byte[] ONE = {1};
    private static final long HEADER = -1;

    private final byte[] content;
    private final byte[] authentication;

    private FileKeys(byte[] content, byte[] authentication) {
        this.content = content;
        this.authentication = authentication;
    }

    static FileKeys derive(CompositeKey key, OuterHeader header) {
        byte[] composite = key.digest();
        byte[] stretched = header.derivation().derive(composite);
        try {
            return new FileKeys(
                    Digests.sha256(header.masterSeed(), stretched),
                    Digests.sha512(header.masterSeed(), stretched, ONE));
        } finally {
            Arrays.fill(composite, (byte) 0);
            Arrays.fill(stretched, (byte) 0);
        }
    }

    byte[] content() {
        return content;
    }

    byte[] headerCode(byte[] header) {
        return code(HEADER, header);
    }

    byte[] blockCode(long index, byte[] block) {
        return code(
                index, Writing.int64(index), new Writing().int32(block.length).toByteArray(), block);
    }

    private byte[] code(long index, byte[]... parts) {
        byte[] key = Digests.sha512(Writing.int64(index), authentication);
        try {
            return Digests.hmacSha256(key, parts);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public void close() {
        Arrays.fill(content, (byte) 0);
        Arrays.fill(authentication, (byte) 0);
    }
}
