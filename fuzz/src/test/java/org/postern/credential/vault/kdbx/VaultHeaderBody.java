// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.postern.fuzz.Body;

/**
 * The clear beginning of a vault. Anybody who can write the file can make its hash right, so the hash is made right here:
 * what the header asks for is refused or bounded before anything is computed.
 */
public final class VaultHeaderBody implements Body {

    private static final Pattern CHEAP =
            Pattern.compile("Argon2i?d with [0-9]{1,2} KiB, [0-9] passes|AES-KDF with [0-9]{1,4} rounds");

    @Override
    public void run(byte[] input) {
        byte[] file = new Writing().put(input).put(Digests.sha256(input)).toByteArray();
        try {
            OuterHeader header = OuterHeader.read(file, new Reading(file));
            Body.check(
                    Arrays.equals(header.toByteArray(), again(header).toByteArray()), "does not read what it writes");
            derive(header.derivation());
        } catch (UnreadableVaultException refused) {
            Body.check(Body.isOneLine(refused.getMessage()), "an error of several lines");
        }
    }

    /** Only what costs little: the bounds allow seconds, which an operator may want and a search may not. */
    private static void derive(KeyDerivation derivation) {
        if (CHEAP.matcher(derivation.describe()).matches()) {
            byte[] key = derivation.derive(new byte[KeyDerivation.LENGTH]);
            Body.check(key.length == KeyDerivation.LENGTH, "a key of " + key.length + " octets");
        }
    }

    private static OuterHeader again(OuterHeader header) throws UnreadableVaultException {
        byte[] written = header.toByteArray();
        byte[] file = new Writing().put(written).put(Digests.sha256(written)).toByteArray();
        return OuterHeader.read(file, new Reading(file));
    }
}
