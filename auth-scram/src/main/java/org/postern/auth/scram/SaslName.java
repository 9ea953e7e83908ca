// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

/** A name as SCRAM writes it (RFC 5802 section 5.1). */
final class SaslName {

    private SaslName() {}

    /**
     * The name with {@code =} and {@code ,} out of the way.
     *
     * @throws IllegalArgumentException if it cannot be written; the message names the field and never the value
     */
    static String of(String name, String field) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the " + field + " is empty, which SCRAM does not permit");
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the " + field + " holds a NUL, which SCRAM cannot carry");
        }
        return name.replace("=", "=3D").replace(",", "=2C");
    }
}
