// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/**
 * How much a peer may say at once. More than RFC 5321 section 4.5.3.1.5 lets it, because peers do, and less than would
 * hurt.
 *
 * @param line octets in a line, its end included
 * @param octets octets in a reply
 * @param lines lines in a reply
 */
record ReplyLimits(int line, int octets, int lines) {

    /** For most replies. */
    static final ReplyLimits ORDINARY = new ReplyLimits(4096, 64 * 1024, 512);

    /** For the reply to EHLO. */
    static final ReplyLimits EHLO = new ReplyLimits(4096, 1024 * 1024, 2000);

    /** For replies in an AUTH exchange: a challenge of 12,288 octets in base64 must fit (RFC 4954 section 4). */
    static final ReplyLimits AUTH = new ReplyLimits(16_384 + 6, 64 * 1024, 512);
}
