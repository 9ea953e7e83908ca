// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.core.intake.Intake;
import org.postern.core.outcome.BounceComposer;
import org.postern.core.outcome.Report;
import org.postern.engine.Submission;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends notifications, in the null sender's name and never in answer to one (RFC 5321 section 4.5.5). */
@Singleton
final class Bounces {

    private static final Logger LOG = LoggerFactory.getLogger(Bounces.class);

    private final BounceComposer composer;
    private final Provider<Intake> intake;
    private final Spool spool;
    private final String hostname;

    @Inject
    Bounces(BounceComposer composer, Provider<Intake> intake, Spool spool, @Named("hostname") String hostname) {
        this.composer = composer;
        this.intake = intake;
        this.spool = spool;
        this.hostname = hostname;
    }

    /** Returns whether nothing is left to do: the notification is durable, or there is nobody to send it to. */
    boolean send(SpooledMessage message, Report report) {
        Optional<MailAddress> sender = message.envelope().sender();
        if (sender.isEmpty()) {
            LOG.warn("{}: {}, and its sender is null, so nobody is told", message.id(), report.action());
            return true;
        }
        try (Submission submission = intake.get().resubmit()) {
            byte[] header = OriginalHeader.read(spool, message.id());
            byte[] text = composer.compose(hostname, sender.get(), message, report, header);
            submission.write(ByteBuffer.wrap(text));
            submission.accept(
                    new Envelope(
                            Optional.empty(),
                            List.of(sender.get()),
                            BodyType.EIGHT_BIT_MIME,
                            message.envelope().smtpUtf8()),
                    message.binding(),
                    Map.of());
            return true;
        } catch (IOException failure) {
            LOG.error("{}: the notification could not be stored: {}", message.id(), failure.toString());
            return false;
        }
    }
}
