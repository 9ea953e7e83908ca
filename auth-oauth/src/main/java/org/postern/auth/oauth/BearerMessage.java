// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;

/** A message of fields that end with ^A, one of which holds a token. Refuses what would break out of its field. */
final class BearerMessage {

    private static final byte FIELD_END = 1;

    private final String mechanism;
    private final WipedStream octets = new WipedStream();

    BearerMessage(String mechanism) {
        this.mechanism = mechanism;
    }

    /** @throws IllegalArgumentException if this is no token */
    static BearerToken tokenOf(Credential credential, String mechanism) {
        if (credential instanceof BearerToken bearer) {
            return bearer;
        }
        throw new IllegalArgumentException(mechanism + " needs an access token");
    }

    /** Text that the caller knows to be safe. */
    BearerMessage text(String text) {
        octets.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** @throws IllegalArgumentException if the name is empty or holds a control character */
    String name(String value, String field) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("the " + field + " is empty, which " + mechanism + " does not permit");
        }
        if (value.chars().anyMatch(character -> character < ' ' || character == 0x7F)) {
            throw refused(field, "a control character");
        }
        return value;
    }

    BearerMessage endField() {
        octets.write(FIELD_END);
        return this;
    }

    /** The field {@code auth} (RFC 6750 section 2.1), and the end of the message. */
    BearerExchange exchange(BearerToken bearer, byte[] answerToError) {
        text("auth=Bearer ");
        byte[] token = bearer.token().reveal(this::checked);
        octets.writeBytes(token);
        endField().endField();
        byte[] message = octets.toByteArray();
        octets.wipe();
        return new BearerExchange(mechanism, message, token, answerToError);
    }

    /** Tokens are visible ASCII (RFC 6749 appendix A.12), and none has a space: RFC 6750 section 2.1 has no room for it. */
    private byte[] checked(byte[] token) {
        if (token.length == 0) {
            throw new IllegalArgumentException("the token is empty");
        }
        for (byte octet : token) {
            if (octet == ' ') {
                throw refused("token", "a space; it is the token alone, without the word Bearer");
            }
            if (octet < '!' || octet > '~') {
                throw refused("token", octet >= 0 ? "a control character" : "a character outside ASCII");
            }
        }
        return token.clone();
    }

    private IllegalArgumentException refused(String field, String what) {
        return new IllegalArgumentException("the " + field + " holds " + what + ": " + mechanism + " cannot carry it");
    }

    /** A stream whose buffers leave nothing behind. */
    private static final class WipedStream extends ByteArrayOutputStream {

        /** Room for every token that is sent in practice: growing would leave a copy. */
        WipedStream() {
            super(16_384);
        }

        void wipe() {
            Arrays.fill(buf, (byte) 0);
            reset();
        }
    }
}
