// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.cluster;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * Names of registers that are made of parts.
 *
 * <p>Threading: any thread.
 */
public final class RegisterName {

    private RegisterName() {}

    /**
     * A name that no other parts have, within the bounds of a register's: the parts encoded as in URLs, or their digest where
     * that is too long.
     */
    public static String of(String... parts) {
        String whole = Arrays.stream(parts)
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining("/"));
        return !whole.isEmpty() && whole.length() <= SharedRegisters.LONGEST_NAME ? whole : digest(whole);
    }

    private static String digest(String whole) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.US_ASCII));
            // A part has no colon: no other name is like this.
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
