// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

/**
 * Why a session or a step of it ended early. A fact, not a judgement: what it means for a message is decided elsewhere.
 * The text is one line for people and holds no secret. There is no stack trace; a cause, where there is one, has its own.
 */
public final class SmtpFault extends Exception {

    private static final long serialVersionUID = 1L;

    /** What happened. */
    public enum Kind {
        /** No connection could be made. */
        CONNECT_FAILED,
        /** A step took longer than it may. */
        TIMEOUT,
        /** The connection ended while something was expected of it. */
        CONNECTION_LOST,
        /** The peer said something that is no SMTP, too much of it, or at the wrong time. */
        PROTOCOL_ERROR,
        /** The peer refused, with a reply. */
        REFUSED,
        /** TLS is required and not to be had; a reply is there if STARTTLS was refused. */
        TLS_UNAVAILABLE,
        /** The handshake failed. */
        TLS_FAILED,
        /** What the policy asks of this side cannot be had: a file, a suite, a protocol. The peer is not to blame. */
        TLS_UNUSABLE,
        /** The peer's certificate is not acceptable under the policy. */
        CERTIFICATE_REFUSED,
        /** Octets followed the reply to STARTTLS in clear: somebody is putting words into the peer's mouth. */
        INJECTION,
        /** The peer offers CHUNKING and does not know BDAT; it has not taken the message. */
        CHUNKING_REFUSED,
        /** The client of the message has to be told by XCLIENT, and the peer does not take that. */
        XCLIENT_UNAVAILABLE,
        /** The content could not be read on this side. The peer is not to blame. */
        CONTENT_UNREADABLE
    }

    private final DeliveryStage stage;
    private final Kind kind;
    private final transient SmtpReply reply;

    SmtpFault(DeliveryStage stage, Kind kind, String message, SmtpReply reply, Throwable cause) {
        super(message, cause, true, false);
        this.stage = Objects.requireNonNull(stage, "stage");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.reply = reply;
    }

    /** A fault that somebody above the session noticed. */
    public static SmtpFault of(DeliveryStage stage, Kind kind, String message, Optional<SmtpReply> reply) {
        return new SmtpFault(stage, kind, message, reply.orElse(null), null);
    }

    /** How far the session had come. */
    public DeliveryStage stage() {
        return stage;
    }

    /** What happened. */
    public Kind kind() {
        return kind;
    }

    /** The reply, if a complete one says why. */
    public Optional<SmtpReply> reply() {
        return Optional.ofNullable(reply);
    }
}
