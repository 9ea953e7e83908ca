// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;
import org.postern.spi.mail.DeliveryStage;

/** What the steps of a session are called in messages for people. */
final class Steps {

    private Steps() {}

    static String name(DeliveryStage stage) {
        return switch (stage) {
            case NOT_CONNECTED -> "the connection attempt";
            case IDLE -> "the idle session";
            case MAIL -> "MAIL";
            case RCPT -> "RCPT";
            case DATA -> "DATA";
            case BODY -> "the content";
            case CONFIRMATION -> "the end of the content";
            case EHLO -> "EHLO";
            case BANNER -> "the greeting";
            case RSET -> "RSET";
            case STARTTLS -> "STARTTLS";
            case TLS_HANDSHAKE -> "the TLS handshake";
            case XCLIENT -> "XCLIENT";
            case AUTH_SENT -> "AUTH";
            case AUTH_CHALLENGE -> "the answer to an AUTH challenge";
        };
    }

    static String text(Duration limit) {
        return limit.toMillisPart() == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
