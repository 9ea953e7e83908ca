// SPDX-License-Identifier: Apache-2.0
package org.postern.core.intake;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.postern.engine.DeliveryEngine;
import org.postern.engine.Submission;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;

/** Takes mail in: durable first, then queued. Accepted means durable. */
@Singleton
public final class Intake implements DeliveryEngine {

    private final Spool spool;
    private final Admission admission;
    private final DeliveryListener observer;
    private final Clock clock;
    private volatile boolean closed;

    /** Where mail goes from here. */
    public interface Admission {

        /** Takes an accepted message, with the variables that were not stored. */
        void accept(SpooledMessage message, Map<String, String> context);

        /** Whether a password in the context of this message may be stored with it. */
        boolean mayStorePassword(Envelope envelope, Binding binding);
    }

    /** Takes mail in for one spool. */
    @Inject
    public Intake(Spool spool, Admission admission, DeliveryListener observer, Clock clock) {
        this.spool = spool;
        this.admission = admission;
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public Submission submit() throws IOException {
        if (closed) {
            throw new IOException("the delivery engine is stopping");
        }
        return new PendingSubmission(spool.draft());
    }

    /** Starts a message of the engine's own, such as a notification; allowed while the engine is stopping. */
    public Submission resubmit() throws IOException {
        return new PendingSubmission(spool.draft());
    }

    /** Takes no further submission. Those under way may still be accepted. */
    public void close() {
        closed = true;
    }

    private final class PendingSubmission implements Submission {

        private final Draft draft;

        private PendingSubmission(Draft draft) {
            this.draft = draft;
        }

        @Override
        public void write(ByteBuffer content) throws IOException {
            draft.write(content);
        }

        @Override
        public MessageId accept(Envelope envelope, Binding binding, Map<String, String> context) throws IOException {
            Instant now = clock.instant();
            SpooledMessage stored = draft.commit(envelope, binding, storable(envelope, binding, context), now)
                    .message();
            observer.on(new DeliveryEvent.Accepted(
                    now,
                    stored.id(),
                    envelope.senderText(),
                    envelope.recipients().size(),
                    stored.size()));
            admission.accept(stored, context);
            return stored.id();
        }

        @Override
        public void close() {
            draft.close();
        }
    }

    private Map<String, String> storable(Envelope envelope, Binding binding, Map<String, String> context) {
        if (!context.containsKey(OutboundAuthSettings.PASS.key()) || admission.mayStorePassword(envelope, binding)) {
            return context;
        }
        Map<String, String> storable = new HashMap<>(context);
        storable.remove(OutboundAuthSettings.PASS.key());
        return storable;
    }
}
