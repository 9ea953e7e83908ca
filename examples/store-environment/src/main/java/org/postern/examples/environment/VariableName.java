// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.environment;

import java.nio.charset.StandardCharsets;

/**
 * The variables of a key. Lower-case letters and digits of the key stand as capitals and digits; every other octet stands
 * as an underscore and two hexadecimal digits, so that no two keys share a name.
 */
record VariableName(String key) {

    private static final String PREFIX = "POSTERN_CREDENTIAL_";

    String user() {
        return PREFIX + encoded() + "_USER";
    }

    String password() {
        return PREFIX + encoded() + "_PASS";
    }

    private String encoded() {
        StringBuilder name = new StringBuilder();
        for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= 'a' && octet <= 'z') {
                name.append((char) (octet - 'a' + 'A'));
            } else if (octet >= '0' && octet <= '9') {
                name.append((char) octet);
            } else {
                name.append("_%02X".formatted(octet));
            }
        }
        return name.toString();
    }
}
