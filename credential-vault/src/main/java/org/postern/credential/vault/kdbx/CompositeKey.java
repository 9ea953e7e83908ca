// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.util.Arrays;
import org.postern.spi.credential.Secret;

/**
 * What a vault is sealed with: a passphrase, or the 32 octets of a key file. Whoever made it closes it.
 */
public final class CompositeKey implements AutoCloseable {

    private final Secret part;

    private CompositeKey(Secret part) {
        this.part = part;
    }

    /** A passphrase in UTF-8. */
    public static CompositeKey ofPassphrase(byte[] passphrase) {
        byte[] hashed = Digests.sha256(passphrase);
        CompositeKey key = new CompositeKey(Secret.copyOf(hashed));
        Arrays.fill(hashed, (byte) 0);
        return key;
    }

    /** The key that a key file holds: 32 octets, copied. */
    public static CompositeKey ofKeyFile(byte[] key) {
        return new CompositeKey(Secret.copyOf(key));
    }

    byte[] digest() {
        return part.reveal(octets -> Digests.sha256(octets));
    }

    @Override
    public void close() {
        part.close();
    }
}
