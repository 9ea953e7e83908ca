// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.postern.intake.smtp.Complaints.Kind.BROKEN;
import static org.postern.intake.smtp.Complaints.Kind.BUG;
import static org.postern.intake.smtp.Complaints.Kind.FULL;
import static org.postern.intake.smtp.Complaints.Kind.UNDECIDED;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.engine.BindingRequest;
import org.postern.engine.DeliveryEngine;
import org.postern.engine.PolicyException;
import org.postern.engine.Submission;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpoolFullException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mail transaction (RFC 5321 section 3.3). It keeps the engine that it began with. What the engine throws becomes a
 * reply here: a failing disk must not look like a failing connection.
 */
final class Transaction implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final DeliveryEngine engine;
    private final Optional<MailAddress> sender;
    private final MailParameters parameters;
    private final List<MailAddress> recipients = new ArrayList<>();
    private final List<DsnRequest.Recipient> wishes = new ArrayList<>();
    private final Complaints complaints;
    private Submission submission;
    private Reply failure;

    /** @param complaints of the listener */
    Transaction(DeliveryEngine engine, Optional<MailAddress> sender, MailParameters parameters, Complaints complaints) {
        this.complaints = complaints;
        this.engine = engine;
        this.sender = sender;
        this.parameters = parameters;
    }

    boolean smtpUtf8() {
        return parameters.smtpUtf8();
    }

    /** @param wish what the sender wants to hear of it */
    void add(MailAddress recipient, DsnRequest.Recipient wish) {
        recipients.add(recipient);
        wishes.add(wish);
    }

    List<MailAddress> recipients() {
        return recipients;
    }

    /** Begins the content, with what is put on top of it. */
    Optional<Reply> open(byte[] top) {
        failure = null;
        guarded(() -> {
            submission = engine.submit();
            submission.write(ByteBuffer.wrap(top));
        });
        return failure();
    }

    /** Adds content, unless adding failed before. */
    void write(ByteBuffer content) {
        if (submission != null && content.hasRemaining()) {
            guarded(() -> submission.write(content));
        }
    }

    /** Why the engine did not take the message. */
    Optional<Reply> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Hands the message over. Nothing but a normal return means that it is safe.
     *
     * @param client the variables that tell who hands it in
     */
    Optional<MessageId> accept(boolean eightBit, BindingRequest binding, Map<String, String> client) {
        Envelope envelope = new Envelope(
                sender,
                recipients,
                eightBit ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT,
                parameters.smtpUtf8(),
                new DsnRequest(parameters.dsn().returned(), parameters.dsn().envelopeId(), wishes));
        List<MessageId> accepted = new ArrayList<>(1);
        guarded(() -> accepted.add(submission.accept(envelope, binding, client)));
        return accepted.stream().findFirst();
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (SpoolFullException full) {
            complaints.about(FULL, rest -> LOG.warn("Message refused, no room: {}{}", full.getMessage(), rest));
            fail(Reply.STORAGE_FULL);
        } catch (PolicyException undecided) {
            complaints.about(
                    UNDECIDED, rest -> LOG.error("Message refused for now: {}{}", undecided.getMessage(), rest));
            fail(Reply.UNDECIDED);
        } catch (IOException broken) {
            complaints.about(BROKEN, rest -> LOG.error("Message refused, it could not be stored{}", rest, broken));
            fail(Reply.STORAGE_FAILED);
        } catch (RuntimeException bug) {
            complaints.about(BUG, rest -> LOG.error("Message refused, the engine failed{}", rest, bug));
            fail(Reply.ENGINE_FAILED);
        }
    }

    private void fail(Reply reply) {
        failure = reply;
        drop();
    }

    /** Gives back what was written. */
    void drop() {
        Submission dropped = submission;
        submission = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (RuntimeException bug) {
                LOG.error("A submission could not be closed", bug);
            }
        }
    }

    @Override
    public void close() {
        drop();
    }

    private interface Step {
        void run() throws IOException;
    }
}
