// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

/**
 * What the peer said of itself.
 *
 * @param name its argument to EHLO or HELO, not trusted
 * @param extended whether it said EHLO
 */
record Hello(String name, boolean extended) {

    /** How the peer speaks, in the word that XCLIENT has for it. */
    String protocol() {
        return extended ? "ESMTP" : "SMTP";
    }
}
