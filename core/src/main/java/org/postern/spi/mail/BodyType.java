// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

/** What the content of a message needs from a peer (RFC 6152). */
public enum BodyType {
    /** Every octet is below 128. */
    SEVEN_BIT,
    /** Octets above 127 occur; lines are still lines. */
    EIGHT_BIT_MIME
}
