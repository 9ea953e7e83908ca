// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;

/** Paths of the API: segments between slashes. */
public final class PathText {

    /** The longest path that is asked for, in characters. */
    public static final int LONGEST = 1024;

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PathText() {}

    /** What keeps this from being the path of a secret: the rest of a sentence that begins with it. */
    public static Optional<String> objection(String path) {
        if (path.length() > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " characters");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("has a control character inside");
        }
        // A server, or a proxy before it, may resolve dots and double slashes, and then reads another secret.
        return Arrays.stream(path.split("/", -1)).anyMatch(PathText::isOdd)
                ? Optional.of("has an empty part, '.' or '..' between slashes")
                : Optional.empty();
    }

    private static boolean isOdd(String segment) {
        return segment.isEmpty() || segment.equals(".") || segment.equals("..");
    }

    /** The path percent-encoded (RFC 3986 section 2.1), its slashes left as they are. */
    static String encoded(String path) {
        return Arrays.stream(path.split("/", -1)).map(PathText::encodedSegment).collect(Collectors.joining("/"));
    }

    private static String encodedSegment(String segment) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }
}
