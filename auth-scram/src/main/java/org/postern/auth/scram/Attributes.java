// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.postern.spi.credential.Octets;

/**
 * A message of the server's as a list of attributes (RFC 5802 section 5.1), read strictly and in order: what a message may
 * be read as in two ways is what attacks are made of. Nothing of its text reaches an error.
 */
final class Attributes {

    private static final Pattern FORM = Pattern.compile("[A-Za-z]=[^\0,]+");

    private final String message;
    private final Iterator<String> parts;

    private Attributes(String message, List<String> parts) {
        this.message = message;
        this.parts = parts.iterator();
    }

    /** @throws ScramFailure if this is no list of attributes, or demands an extension */
    static Attributes of(Octets message, String what) throws ScramFailure {
        String text = text(message, what);
        List<String> parts = List.of(text.split(",", -1));
        for (String part : parts) {
            if (!FORM.matcher(part).matches()) {
                throw new ScramFailure(what + " is not made of attributes");
            }
            if (part.startsWith("m=")) {
                throw new ScramFailure("the peer demands an extension that nobody has defined");
            }
        }
        return new Attributes(text, parts);
    }

    private static String text(Octets message, String what) throws ScramFailure {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message.toByteArray()))
                    .toString();
        } catch (CharacterCodingException noText) {
            throw new ScramFailure(what + " is not UTF-8");
        }
    }

    /** The value of the next attribute, which has to have this name. */
    String next(char name) throws ScramFailure {
        String part = parts.hasNext() ? parts.next() : "";
        if (part.isEmpty() || part.charAt(0) != name) {
            throw new ScramFailure("the peer's message lacks " + name + "= in its place");
        }
        return part.substring(2);
    }

    /** The same in base64, not empty. */
    byte[] nextOctets(char name) throws ScramFailure {
        String value = next(name);
        try {
            if (value.length() % 4 == 0) {
                return Base64.getDecoder().decode(value);
            }
        } catch (IllegalArgumentException noBase64) {
            // As if it were too short.
        }
        throw new ScramFailure("the peer's " + name + "= is not base64");
    }

    /** What is left are extensions, which may be passed over; one of the names that were asked for is not. */
    void restKnowsNothingOf(String names) throws ScramFailure {
        while (parts.hasNext()) {
            char name = parts.next().charAt(0);
            if (names.indexOf(name) >= 0) {
                throw new ScramFailure("the peer's message has " + name + "= twice or out of its place");
            }
        }
    }

    /** The message as it came: what both sides sign. */
    String message() {
        return message;
    }
}
