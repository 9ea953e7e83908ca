// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/** How a session speaks to its peer. */
public enum Protocol {
    /** RFC 5321: EHLO, and HELO where the peer does not know it and no extension is needed. */
    ESMTP,
    /** HELO at once, as RFC 821 had it; EHLO all the same where AUTH or TLS is a must. */
    SMTP,
    /** RFC 2033: LHLO, and after the content a reply for each recipient. */
    LMTP
}
