// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

/**
 * How far an attempt had come. The numbers are those of the ancestor's log format; the stages of authentication have none
 * there and take the numbers after the last.
 */
public enum DeliveryStage {
    /** No connection yet. */
    NOT_CONNECTED(0),
    /** A reused connection with nothing under way. */
    IDLE(1),
    /** MAIL was sent. */
    MAIL(2),
    /** RCPT was sent. */
    RCPT(4),
    /** DATA, or the first BDAT, was sent. */
    DATA(6),
    /** Content is being sent. */
    BODY(8),
    /** The content ended and its reply is awaited. */
    CONFIRMATION(9),
    /** EHLO or HELO was sent. */
    EHLO(10),
    /** The greeting is awaited. */
    BANNER(12),
    /** RSET was sent. */
    RSET(13),
    /** STARTTLS was sent. */
    STARTTLS(15),
    /** The TLS handshake is under way. */
    TLS_HANDSHAKE(17),
    /** XCLIENT was sent, or would be now. */
    XCLIENT(19),
    /** AUTH was sent. */
    AUTH_SENT(23),
    /** A challenge was answered. */
    AUTH_CHALLENGE(24);

    private final int number;

    DeliveryStage(int number) {
        this.number = number;
    }

    /** The number in the log. */
    public int number() {
        return number;
    }
}
