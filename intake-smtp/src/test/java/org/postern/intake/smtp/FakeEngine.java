// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.engine.BindingRequest;
import org.postern.engine.DeliveryEngine;
import org.postern.engine.Submission;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;

/** Keeps what it accepts, fails where it is told to, and counts what was left open. */
final class FakeEngine implements DeliveryEngine {

    interface Step {
        void run() throws IOException;
    }

    record Accepted(Envelope envelope, byte[] content, Map<String, String> context) {}

    static final Step NOTHING = () -> {};

    final List<Accepted> accepted = new CopyOnWriteArrayList<>();
    final List<BindingRequest> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    final AtomicLong octets = new AtomicLong();
    volatile boolean keepsContent = true;
    volatile Step atSubmit = NOTHING;
    volatile Step atWrite = NOTHING;
    volatile Step atAccept = NOTHING;

    @Override
    public Submission submit() throws IOException {
        atSubmit.run();
        open.incrementAndGet();
        return new Held();
    }

    Accepted only() {
        if (accepted.size() != 1) {
            throw new AssertionError("accepted " + accepted.size() + " messages, not one");
        }
        return accepted.get(0);
    }

    private final class Held implements Submission {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean closed;

        @Override
        public void write(ByteBuffer part) throws IOException {
            if (closed) {
                throw new IllegalStateException("written to after close");
            }
            atWrite.run();
            octets.addAndGet(part.remaining());
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            if (keepsContent) {
                content.write(copy);
            }
        }

        @Override
        public MessageId accept(Envelope envelope, Binding binding, Map<String, String> context) throws IOException {
            atAccept.run();
            accepted.add(new Accepted(envelope, content.toByteArray(), context));
            return new MessageId("m-" + accepted.size());
        }

        @Override
        public MessageId accept(Envelope envelope, BindingRequest request, Map<String, String> context)
                throws IOException {
            requests.add(request);
            return accept(envelope, Binding.DEFAULT, context);
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed twice");
            }
            closed = true;
            open.decrementAndGet();
        }
    }
}
