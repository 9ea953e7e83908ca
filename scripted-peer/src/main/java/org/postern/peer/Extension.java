// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

/** The extensions that a {@link MailPeer} can offer; STARTTLS and AUTH follow from its other settings. */
public enum Extension {
    /** RFC 2920. */
    PIPELINING("PIPELINING"),
    /** RFC 1870; the limit is added. */
    SIZE("SIZE"),
    /** RFC 6152. */
    EIGHT_BIT_MIME("8BITMIME"),
    /** RFC 6531. */
    SMTPUTF8("SMTPUTF8"),
    /** RFC 2034. */
    ENHANCED_STATUS_CODES("ENHANCEDSTATUSCODES"),
    /** RFC 3461. */
    DSN("DSN"),
    /** RFC 3030. */
    CHUNKING("CHUNKING");

    private final String keyword;

    Extension(String keyword) {
        this.keyword = keyword;
    }

    /** The word in the reply to EHLO. */
    public String keyword() {
        return keyword;
    }
}
