// SPDX-License-Identifier: Apache-2.0
package org.postern.core.intake;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.engine.BindingRequest;
import org.postern.engine.DeliveryEngine;
import org.postern.engine.PolicyException;
import org.postern.engine.Submission;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Commit;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;

/** Takes mail in: durable first, then queued. Accepted means durable. */
@Singleton
public final class Intake implements DeliveryEngine {

    private final Spool spool;
    private final Admission admission;
    private final Reception reception;
    private final DeliveryListener observer;
    private final Clock clock;
    private volatile boolean closed;

    /** Where mail goes from here. */
    public interface Admission {

        /**
         * Prepares for a message that is about to be accepted.
         *
         * @param context its variables, those that are not stored included
         */
        Arrival expect(SpooledMessage message, Map<String, String> context);

        /** What of the context of this message may be stored with it. */
        Map<String, String> storable(Envelope envelope, Binding binding, Map<String, String> context);
    }

    /** A message that is expected. Closed without having come, it is forgotten. */
    public interface Arrival extends AutoCloseable {

        /** It is accepted. */
        void come();

        @Override
        void close();
    }

    /** Who chooses the binding of a message that did not come with one. */
    public interface Reception {

        /** Whether somebody wants to look at headers. */
        boolean readsHeaders();

        /**
         * Chooses.
         *
         * @param message under the binding {@code default}
         * @param request what the one who hands it in says
         * @param fields what the message's {@code X-Binding} fields said
         * @param context its variables, to be added to
         * @throws PolicyException if nobody can say now
         */
        Binding choose(Arriving message, BindingRequest request, List<String> fields, Map<String, String> context)
                throws PolicyException;
    }

    /** Takes mail in for one spool. */
    @Inject
    public Intake(Spool spool, Admission admission, Reception reception, DeliveryListener observer, Clock clock) {
        this.spool = spool;
        this.admission = admission;
        this.reception = reception;
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public Submission submit() throws IOException {
        if (closed) {
            throw new IOException("the delivery engine is stopping");
        }
        spool.requireRoom();
        return new PendingSubmission(spool.draft(), new BindingField(reception.readsHeaders()));
    }

    /** Starts a message of the engine's own, such as a notification; allowed while the engine is stopping. */
    public Submission resubmit() throws IOException {
        return new PendingSubmission(spool.draft(), new BindingField(false));
    }

    /** Takes no further submission. Those under way may still be accepted. */
    public void close() {
        closed = true;
    }

    private final class PendingSubmission implements Submission {

        private final Draft draft;
        private final BindingField field;
        private long size;

        private PendingSubmission(Draft draft, BindingField field) {
            this.draft = draft;
            this.field = field;
        }

        @Override
        public void write(ByteBuffer content) throws IOException {
            if (!field.behindHeader()) {
                store(ByteBuffer.wrap(field.pass(content)));
            }
            store(content);
        }

        private void store(ByteBuffer content) throws IOException {
            size += content.remaining();
            if (content.hasRemaining()) {
                draft.write(content);
            }
        }

        @Override
        public MessageId accept(Envelope envelope, Binding binding, Map<String, String> context) throws IOException {
            store(ByteBuffer.wrap(field.end()));
            return commit(envelope, binding, context);
        }

        @Override
        public MessageId accept(Envelope envelope, BindingRequest request, Map<String, String> context)
                throws IOException {
            store(ByteBuffer.wrap(field.end()));
            Map<String, String> variables = new HashMap<>(context);
            Binding chosen = reception.choose(
                    new Arriving(envelope, Binding.DEFAULT, size, field.rest()), request, field.values(), variables);
            return commit(envelope, chosen, Map.copyOf(variables));
        }

        private MessageId commit(Envelope envelope, Binding binding, Map<String, String> context) throws IOException {
            Instant now = clock.instant();
            Commit commit = draft.begin(envelope, binding, admission.storable(envelope, binding, context), now);
            try (Arrival arrival = admission.expect(commit.message(), context)) {
                return accepted(commit.await(), arrival, now);
            }
        }

        private MessageId accepted(Receipt receipt, Arrival arrival, Instant now) {
            SpooledMessage stored = receipt.message();
            observer.on(new DeliveryEvent.Accepted(
                    now,
                    stored.id(),
                    stored.envelope().senderText(),
                    stored.envelope().recipients().size(),
                    stored.size()));
            if (receipt.held()) {
                arrival.come();
            }
            return stored.id();
        }

        @Override
        public void close() {
            draft.close();
        }
    }
}
