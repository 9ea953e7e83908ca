// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.postern.spi.credential.AuthIdentity;

/** As whom and where a login is made: what breakers count by. */
record LoginAccount(AuthIdentity identity, Endpoint endpoint) {

    /** A name of fixed length that another account does not have, whatever its parts contain. */
    String name() {
        MessageDigest digest = digest();
        List<String> parts = List.of(
                identity.user(),
                // An empty authorization identity is another than none.
                identity.authorization().map("as "::concat).orElse(""),
                identity.source(),
                identity.version().value(),
                endpoint.toString());
        for (String part : parts) {
            byte[] octets = part.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(octets.length).flip());
            digest.update(octets);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java runtime has SHA-256", missing);
        }
    }

    @Override
    public String toString() {
        return "'" + Words.oneLine(identity.user()) + "' at " + endpoint;
    }
}
