// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;

/**
 * A question that was put to other nodes, and their answers as they come. Where not all have answered, closing takes it back: a
 * node that has not begun by then never does, and one that works is interrupted.
 *
 * <p>Threading: one thread at a time.
 */
public final class Round implements AutoCloseable {

    /** How long a node may be silent. One that works says so every second. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long others hear a question, and that it was taken back. */
    static final Duration LIFE = Duration.ofMinutes(1);

    private final Cluster cluster;
    private final Clock clock;
    private final String name;
    private final Question question;
    private final long revision;
    private final List<Asked> open = new ArrayList<>();
    private boolean looked;
    private boolean silence;

    private static final class Asked {

        final String relay;
        final String node;
        Instant heard = Instant.MIN;
        long revision = SharedRegisters.ABSENT;

        Asked(String relay, String node) {
            this.relay = relay;
            this.node = node;
        }
    }

    /** What is known of one node, for good. */
    public sealed interface Reply {

        /** What operators call it. */
        String node();
    }

    /** It has answered. */
    public record Answered(String node, byte[] packed) implements Reply {

        /**
         * Prints what its verb has printed.
         *
         * @return what the verb came to
         * @throws IOException if its version of Postern is too different
         */
        public Summary print(OutputStream out, OutputStream err) throws IOException {
            return PackedOutput.unpack(new ByteArrayInputStream(packed), out, err);
        }
    }

    /**
     * What the verb of a node came to.
     *
     * @param result its result; a failure if not all is told
     * @param cut whether it printed more than a node may tell others
     */
    public record Summary(VerbResult result, boolean cut) {}

    /** It gave no sign of life for too long. */
    public record Silent(String node, Begun begun) implements Reply {}

    /** Whether a node that is silent has begun. */
    public enum Begun {
        YES,
        NO,
        /** The storage that nodes share gives no answer. */
        UNKNOWN
    }

    Round(Cluster cluster, Clock clock, String name, Question question, long revision, Map<String, String> asked) {
        this.cluster = cluster;
        this.clock = clock;
        this.name = name;
        this.question = question;
        this.revision = revision;
        asked.forEach((relay, node) -> open.add(new Asked(relay, node)));
    }

    /** The nodes that may still answer. */
    public List<String> open() {
        return open.stream().map(asked -> asked.node).sorted().toList();
    }

    /** What became known since the look before. Patience begins with the first look. */
    public List<Reply> look() {
        Instant now = clock.instant();
        if (!looked) {
            looked = true;
            open.forEach(asked -> asked.heard = now);
        }
        List<Reply> replies = new ArrayList<>();
        for (Iterator<Asked> each = open.iterator(); each.hasNext(); ) {
            Optional<Reply> reply = look(each.next(), now);
            if (reply.isPresent()) {
                each.remove();
                replies.add(reply.get());
            }
        }
        return replies;
    }

    private Optional<Reply> look(Asked asked, Instant now) {
        Optional<Register> head = cluster.read(AnswerHead.TOPIC, AnswerHead.name(name, asked.relay));
        if (head.filter(one -> one.revision() != asked.revision).isPresent()) {
            asked.revision = head.get().revision();
            asked.heard = now;
        }
        Optional<Reply> answered = head.flatMap(Round::head)
                .filter(AnswerHead::done)
                .flatMap(done -> packed(asked, done.parts()))
                .map(packed -> new Answered(asked.node, packed));
        if (answered.isEmpty() && !asked.heard.plus(PATIENCE).isAfter(now)) {
            silence = true;
            return Optional.of(new Silent(asked.node, begun(asked)));
        }
        return answered;
    }

    private Begun begun(Asked asked) {
        if (!cluster.answers()) {
            return Begun.UNKNOWN;
        }
        return asked.revision == SharedRegisters.ABSENT ? Begun.NO : Begun.YES;
    }

    private static Optional<AnswerHead> head(Register register) {
        try {
            return Optional.of(AnswerHead.decoded(register.value()));
        } catch (IOException foreign) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> packed(Asked asked, int parts) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int part = 0; part < parts; part++) {
            Optional<Register> register = cluster.read(AnswerHead.TOPIC, AnswerHead.partName(name, asked.relay, part));
            if (register.isEmpty()) {
                return Optional.empty();
            }
            packed.writeBytes(register.get().value());
        }
        return Optional.of(packed.toByteArray());
    }

    /** Takes the question back, if not all have answered it. */
    @Override
    public void close() {
        if (!open.isEmpty() || silence) {
            byte[] withdrawn = question.asWithdrawn().encoded();
            // The question itself has ended where the answers took long.
            if (cluster.put(Question.TOPIC, name, withdrawn, revision, LIFE).orElse(null) instanceof Put.Beaten) {
                cluster.put(Question.TOPIC, name, withdrawn, SharedRegisters.ABSENT, LIFE);
            }
        }
    }
}
