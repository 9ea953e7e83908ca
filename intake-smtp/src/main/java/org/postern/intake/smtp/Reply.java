// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.nio.charset.StandardCharsets;

/** A reply as it goes on the wire (RFC 5321 section 4.2), with its enhanced status code (RFC 2034). */
final class Reply {

    static final Reply OK = of(250, "2.0.0", "ok");
    static final Reply SENDER_OK = of(250, "2.1.0", "sender ok");
    static final Reply RECIPIENT_OK = of(250, "2.1.5", "recipient ok");
    static final Reply CHUNK_OK = of(250, "2.0.0", "chunk taken");
    static final Reply SEND_CONTENT = plain(354, "send the message, end with <CRLF>.<CRLF>");
    static final Reply GOODBYE = of(221, "2.0.0", "goodbye").thenClose();
    static final Reply NOT_VERIFIED = of(252, "2.0.0", "addresses are not verified, but mail for them is tried");
    static final Reply HELP = of(214, "2.0.0", "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT, see RFC 5321");

    static final Reply TIMED_OUT =
            of(421, "4.4.2", "waited too long for you, closing").thenClose();
    static final Reply GOING_DOWN =
            of(421, "4.3.2", "listener is closing, try again later").thenClose();
    static final Reply TOO_MANY_ERRORS =
            of(421, "4.7.0", "too many errors, closing").thenClose();
    static final Reply TOO_MANY_CONNECTIONS =
            of(421, "4.7.0", "too many connections, try again later").thenClose();
    static final Reply OTHER_PROTOCOL =
            of(421, "4.7.0", "this is SMTP, closing").thenClose();
    static final Reply EARLY_TALK =
            of(554, "5.5.0", "you spoke before the greeting, closing").thenClose();

    static final Reply NO_ENGINE = of(451, "4.3.2", "no delivery engine at the moment, try again later");
    static final Reply ENGINE_FAILED = of(451, "4.3.0", "something failed here, try again later");
    static final Reply UNDECIDED = of(451, "4.7.0", "policy could not be asked, try again later");
    // A disk that fails is storage that is not there (RFC 5321 section 4.2.3), though it is not full.
    static final Reply STORAGE_FAILED = of(452, "4.3.0", "message could not be stored, try again later");
    static final Reply STORAGE_FULL = of(452, "4.3.1", "no room for the message, try again later");
    static final Reply TOO_MANY_RECIPIENTS = of(452, "4.5.3", "too many recipients, send the rest in another message");

    static final Reply UNKNOWN_COMMAND = of(500, "5.5.1", "command not known");
    static final Reply NOT_OFFERED = of(502, "5.5.1", "command not offered here");
    static final Reply NO_ARGUMENT = of(501, "5.5.4", "command takes no argument");
    static final Reply NAME_MISSING = of(501, "5.5.4", "your host name is missing");
    static final Reply EHLO_FIRST = of(503, "5.5.1", "say EHLO first");
    static final Reply MAIL_FIRST = of(503, "5.5.1", "say MAIL first");
    static final Reply NESTED_MAIL = of(503, "5.5.1", "a message was begun already, RSET drops it");
    static final Reply CHUNKS_BEGUN = of(503, "5.5.1", "content was begun with BDAT, only BDAT or RSET may follow");
    static final Reply NO_RECIPIENTS = of(554, "5.5.1", "no recipient was accepted");
    static final Reply RELAYING_DENIED = of(550, "5.7.1", "relaying denied for your address");
    static final Reply NEEDS_SMTPUTF8 = of(553, "5.6.7", "address is not ASCII, so SMTPUTF8 must be given with MAIL");
    static final Reply TOO_BIG = of(552, "5.3.4", "message is larger than this listener takes");

    private static final int LONGEST_TEXT = 400;

    private final int code;
    private final byte[] octets;
    private final boolean last;

    private Reply(int code, byte[] octets, boolean last) {
        this.code = code;
        this.octets = octets;
        this.last = last;
    }

    static Reply of(int code, String status, String text) {
        return plain(code, status + " " + text);
    }

    /** A reply without enhanced status code: greeting, EHLO and 354 have none. */
    static Reply plain(int code, String... lines) {
        StringBuilder wire = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            wire.append(code).append(i < lines.length - 1 ? '-' : ' ');
            wire.append(harmless(lines[i])).append("\r\n");
        }
        return new Reply(code, wire.toString().getBytes(StandardCharsets.US_ASCII), false);
    }

    // Texts quote what peers sent; whatever is not printable ASCII would let them write into logs and terminals.
    private static String harmless(String text) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LONGEST_TEXT); i++) {
            char c = text.charAt(i);
            kept.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return kept.toString();
    }

    /** The same reply, after which the connection is closed. */
    Reply thenClose() {
        return new Reply(code, octets, true);
    }

    int code() {
        return code;
    }

    boolean last() {
        return last;
    }

    /** Not to be changed. */
    byte[] octets() {
        return octets;
    }

    @Override
    public String toString() {
        return new String(octets, StandardCharsets.US_ASCII).strip();
    }
}
