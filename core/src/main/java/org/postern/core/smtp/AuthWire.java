// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

/** The part of a session that an AUTH exchange sees. While one is under way the tap is shown sizes only. */
final class AuthWire implements SaslWire {

    private static final byte[] NOTHING = {};

    private final Wire wire;
    private final Duration limit;
    private final BooleanSupplier transactionOpen;
    private boolean authenticated;
    private boolean challenged;

    AuthWire(Wire wire, Duration limit, BooleanSupplier transactionOpen) {
        this.wire = wire;
        this.limit = limit;
        this.transactionOpen = transactionOpen;
    }

    boolean isAuthenticated() {
        return authenticated;
    }

    /** Whether the peer waits for an answer to a challenge. */
    boolean isUnfinished() {
        return challenged;
    }

    @Override
    public SmtpReply auth(String mechanism, byte[] initialResponse) throws SmtpFault {
        // RFC 4954 section 4: not within a transaction, and not after a success.
        if (authenticated || challenged || transactionOpen.getAsBoolean()) {
            throw new IllegalStateException("AUTH is not possible now");
        }
        return say(
                DeliveryStage.AUTH_SENT,
                SmtpCommand.auth(mechanism, initialResponse),
                initialResponse == null ? NOTHING : initialResponse);
    }

    @Override
    public SmtpReply respond(byte[] response) throws SmtpFault {
        requireChallenge();
        return say(DeliveryStage.AUTH_CHALLENGE, SmtpCommand.response(response), response);
    }

    @Override
    public SmtpReply cancel() throws SmtpFault {
        requireChallenge();
        return say(DeliveryStage.AUTH_CHALLENGE, SmtpCommand.cancel(), NOTHING);
    }

    private void requireChallenge() {
        if (!challenged) {
            throw new IllegalStateException("there is no challenge to answer");
        }
    }

    private SmtpReply say(DeliveryStage stage, SmtpCommand command, byte[] shown) throws SmtpFault {
        wire.enter(stage);
        try {
            wire.gather(command);
            wire.flush(limit);
        } finally {
            command.wipe();
        }
        SmtpReply reply = reply(shown);
        challenged = reply.code() == 334;
        authenticated = reply.code() == 235;
        show(reply);
        return reply;
    }

    // A challenge is the mechanism's business and is never shown; the text of anything else is for people.
    private SmtpReply reply(byte[] shown) throws SmtpFault {
        SmtpReply reply = wire.silentReply(limit, ReplyLimits.AUTH);
        return reply.code() == 334 ? reply : Echo.dropped(reply, shown);
    }

    private void show(SmtpReply reply) {
        if (challenged) {
            int size = reply.lines().stream().mapToInt(String::length).sum();
            wire.tap().received("334 " + SmtpCommand.redacted(size));
        } else {
            wire.show(reply);
        }
    }

    @Override
    public SmtpFault unexpected(SmtpReply reply) {
        return wire.nonsense(reply);
    }
}
