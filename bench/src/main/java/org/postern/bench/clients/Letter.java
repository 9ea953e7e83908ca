// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

/** What all of them send, as far as it is theirs to say: the same sender, subject and text of about 4 kB. */
final class Letter {

    static final String SENDER = "sender@load.example";
    static final String SUBJECT = "one of many";
    static final String TEXT =
            "So much depends upon a line of text that is as long as lines in mail are.\r\n".repeat(53);

    private Letter() {}

    /** The whole of it for clients that take messages as they are. */
    static String whole(String recipient) {
        return "From: <" + SENDER + ">\r\nTo: <" + recipient + ">\r\nSubject: " + SUBJECT
                + "\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <" + recipient
                + ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + TEXT;
    }
}
