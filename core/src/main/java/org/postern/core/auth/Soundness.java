// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/**
 * Whether what a store gives can be anybody's credential. What cannot is never sent: a line end or a NUL in a secret is a
 * file read with its last line, or somebody's attempt to say more than a password.
 */
final class Soundness {

    /** More than any provider's token; the challenge of a mechanism that could carry it is smaller (RFC 4954 section 4). */
    static final int LONGEST_SECRET = 65_536;

    /** Four times what a mailbox may have (RFC 5321 section 4.5.3.1). */
    static final int LONGEST_USER = 1_024;

    private static final int LONGEST_VERSION = 256;

    private Soundness() {}

    /** What is wrong, without anything of the secret; nothing if it is sound. */
    static Optional<String> complaint(Credential credential) {
        return text("a user", credential.user(), LONGEST_USER)
                .or(() -> text("a version", credential.version().value(), LONGEST_VERSION))
                .or(() -> switch (credential) {
                    case PasswordCredential it -> secret("password", it.password());
                    case BearerToken it -> secret("token", it.token());
                    case IdentityOnly nothing -> Optional.empty();
                });
    }

    private static Optional<String> text(String what, String text, int most) {
        if (text.length() > most) {
            return Optional.of(what + " of more than " + most + " characters");
        }
        return text.chars().anyMatch(Character::isISOControl)
                ? Optional.of(what + " with a control character in it")
                : Optional.empty();
    }

    private static Optional<String> secret(String kind, Secret secret) {
        if (secret.length() == 0) {
            return Optional.of("an empty " + kind);
        }
        if (secret.length() > LONGEST_SECRET) {
            return Optional.of("a " + kind + " of more than " + LONGEST_SECRET + " octets");
        }
        return secret.reveal(octets -> {
            for (byte octet : octets) {
                if (octet == 0 || octet == '\r' || octet == '\n') {
                    return Optional.of("a " + kind + " with a line end or a NUL in it");
                }
            }
            return isUtf8(octets) ? Optional.empty() : Optional.of("a " + kind + " that is not UTF-8");
        });
    }

    private static boolean isUtf8(byte[] octets) {
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            Arrays.fill(decoded.array(), '\0');
            return true;
        } catch (CharacterCodingException otherwise) {
            return false;
        }
    }
}
