// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.core.intake.Intake;
import org.postern.core.outcome.BounceComposer;
import org.postern.core.outcome.Report;
import org.postern.core.queue.Throttles;
import org.postern.engine.Submission;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.settings.Throttle;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends notifications, in the null sender's name and never in answer to one (RFC 5321 section 4.5.5). */
@Singleton
final class Bounces {

    private static final Logger LOG = LoggerFactory.getLogger(Bounces.class);

    private final BounceComposer composer;
    private final Provider<Intake> intake;
    private final Originals originals;
    private final Throttles throttles;
    private final String hostname;

    @Inject
    Bounces(
            BounceComposer composer,
            Provider<Intake> intake,
            Originals originals,
            Clock clock,
            @Named("hostname") String hostname) {
        this.throttles = new Throttles(clock);
        this.composer = composer;
        this.intake = intake;
        this.originals = originals;
        this.hostname = hostname;
    }

    /**
     * Returns whether nothing is left to do: the notification is durable, there is nobody to send it to, or the sender has
     * been sent as many as the limit allows.
     */
    boolean send(SpooledMessage message, Report report, Throttle limit) {
        Optional<MailAddress> sender = message.envelope().sender();
        if (sender.isEmpty()) {
            LOG.warn("{}: {}, and its sender is null, so nobody is told", message.id(), report.action());
            return true;
        }
        if (throttles.closedUntil(sender.get(), limit).isPresent()) {
            LOG.warn(
                    "{}: {}, and <{}> is not told, having been told {} times in {} s (DSN_Throttle)",
                    message.id(),
                    report.action(),
                    sender.get(),
                    limit.count(),
                    limit.window().toSeconds());
            return true;
        }
        try (Submission submission = intake.get().resubmit()) {
            byte[] text = composer.compose(hostname, sender.get(), message, report, originals.of(message, report));
            submission.write(ByteBuffer.wrap(text));
            submission.accept(
                    new Envelope(
                            Optional.empty(),
                            List.of(sender.get()),
                            bodyType(text),
                            message.envelope().smtpUtf8()),
                    message.binding(),
                    Map.of());
            return true;
        } catch (IOException failure) {
            // It is tried again, for as long as storage fails: that must not use up what may be sent afterwards.
            throttles.giveBack(sender.get());
            LOG.error("{}: the sender could not be told: {}", message.id(), failure.toString());
            return false;
        }
    }

    // Many servers lack 8BITMIME, and most notifications need none.
    private static BodyType bodyType(byte[] text) {
        for (byte octet : text) {
            if (octet < 0) {
                return BodyType.EIGHT_BIT_MIME;
            }
        }
        return BodyType.SEVEN_BIT;
    }
}
