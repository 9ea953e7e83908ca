// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.inject.Binder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postern.core.audit.Audit;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.simulation.SimulatedDisk;
import org.postern.core.simulation.World;
import org.postern.core.time.Waits;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.LoggerFactory;

/**
 * The engine in simulated worlds. {@code -Dpostern.simulation.seeds} says how many, {@code -Dpostern.simulation.first} from
 * which seed on.
 */
class SimulationTest {

    private static final long FIRST = Long.getLong("postern.simulation.first", 1);
    private static final long SEEDS = Long.getLong("postern.simulation.seeds", 400);
    private static final long SEEDS_UNTIL_FOUND = 300;
    private static final long SEEDS_TO_LOAD_CLASSES = 30;
    private static final long PROGRESS = 1_000;
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("org.postern");
    private static Level before;

    @BeforeAll
    static void silencesTheLog() {
        before = LOG.getLevel();
        LOG.setLevel(Level.OFF);
    }

    // A thread that loads a class may wait for the machine, which no seed knows of.
    @BeforeAll
    static void loadsClasses() {
        LongStream.rangeClosed(1, SEEDS_TO_LOAD_CLASSES)
                .forEach(seed -> new Simulation(seed, true, Sabotage.NONE).run());
    }

    @AfterAll
    static void letsTheLogSpeakAgain() {
        LOG.setLevel(before);
    }

    // ---- promises

    // One world after the other: two at once would wait for each other's locks in what is static, which no seed knows
    // of.
    @Test
    void keepsItsPromisesWhateverTheSeed() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            List<World.Failure> failures =
                    new Simulation(seed, false, Sabotage.NONE).run().failures();
            if (!failures.isEmpty()) {
                throw new AssertionError(report(seed, failures));
            }
            if ((seed - FIRST + 1) % PROGRESS == 0) {
                System.out.println("simulation: " + (seed - FIRST + 1) + " of " + SEEDS + " seeds");
            }
        }
    }

    // What broke, and the same again in words: a machine that stood still may have broken it the first time only.
    private static String report(long seed, List<World.Failure> failures) {
        Simulation.Result again = new Simulation(seed, true, Sabotage.NONE).run();
        return "seed " + seed + " breaks a promise: " + failures + "; the same again: -Dpostern.simulation.first="
                + seed
                + " -Dpostern.simulation.seeds=1\n"
                + String.join("\n", again.trace());
    }

    @Test
    void replaysASeedExactly() {
        for (long seed = 1; seed <= 10; seed++) {
            Simulation.Result once = new Simulation(seed, true, Sabotage.NONE).run();
            Simulation.Result again = new Simulation(seed, true, Sabotage.NONE).run();

            assertThat(again.trace()).isEqualTo(once.trace());
            assertThat(new Simulation(seed, false, Sabotage.NONE).run().hash()).isEqualTo(once.hash());
        }
    }

    @Test
    void meetsInItsWorldsWhatItIsThere() {
        long again = 0;
        long reports = 0;
        long followed = 0;
        long withoutHeader = 0;
        for (long seed = 1; seed <= 60; seed++) {
            Map<String, Long> figures =
                    new Simulation(seed, false, Sabotage.NONE).run().figures();
            again += figures.get("again");
            reports += figures.get("reports");
            followed += figures.get("followed");
            withoutHeader += figures.get("reports without header");
        }
        assertThat(again)
                .as("messages that servers got twice, as RFC 1047 has it")
                .isPositive();
        assertThat(reports).as("reports of failure").isPositive();
        assertThat(followed).as("messages behind others").isPositive();
        assertThat(withoutHeader).as("reports on what is lost").isPositive();
    }

    // ---- broken promises are found

    private static void finds(String what, UnaryOperator<Spool> meddling) {
        finds(what, new Sabotage() {
            @Override
            public Spool spool(SimulatedDisk disk) {
                return meddling.apply(disk.spool());
            }
        });
    }

    private static void finds(String what, Sabotage sabotage) {
        boolean found = LongStream.rangeClosed(1, SEEDS_UNTIL_FOUND)
                .mapToObj(seed -> new Simulation(seed, false, sabotage).run())
                .flatMap(result -> result.failures().stream())
                .map(World.Failure::what)
                .anyMatch(failure -> failure.contains(what));
        assertThat(found).as("'" + what + "' was found").isTrue();
    }

    @Test
    void findsAnAcceptanceThatIsNotOnTheDiskYet() {
        finds("was accepted that is not on the disk", right -> new Meddling(right) {
            @Override
            public Draft draft() throws IOException {
                return new Hasty(super.draft());
            }
        });
    }

    @Test
    void findsASettlementThatForgetsWhatIsPutOff() {
        finds("never came to an end", right -> new Meddling(right) {
            @Override
            public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
                super.record(id, updates);
                if (updates.stream().noneMatch(update -> update.state().settled())) {
                    throw new IllegalStateException("forgotten");
                }
            }

            @Override
            public void recover(Consumer<SpooledMessage> consumer) {
                // What is forgotten must not come back by a restart.
            }
        });
    }

    @Test
    void findsAReportThatIsNotSent() {
        finds("is lost", right -> new Meddling(right) {
            @Override
            public Draft draft() throws IOException {
                return new Silent(super.draft());
            }
        });
    }

    @Test
    void findsAReportThatLacksItsHeader() {
        finds("lacks its header", right -> new Meddling(right) {
            @Override
            public Draft draft() throws IOException {
                return new Beheading(super.draft());
            }
        });
    }

    @Test
    void findsAMessageThatIsTakenUpTwice() {
        finds("once more after", right -> new Meddling(right) {
            @Override
            public void recover(Consumer<SpooledMessage> consumer) throws IOException {
                super.recover(consumer);
                super.recover(consumer);
            }
        });
    }

    @Test
    void findsABreakerThatDoesNotWait() {
        finds("with a refused password within a minute", new Sabotage() {
            @Override
            public void configure(Binder binder, Clock clock) {
                binder.bind(LoginBreaker.class)
                        .toInstance(new LoginBreaker(new Hurrying(clock), Audit.NONE, Waits.REAL));
            }
        });
    }

    @Test
    void findsASessionUnderAnotherIdentity() {
        finds("not as 'a-user'", new Sabotage() {
            @Override
            public SaslMechanism mechanism() {
                return (context, credential) -> new PlainForTests()
                        .open(
                                context,
                                new PasswordCredential(
                                        "b-user",
                                        Secret.of("v1"),
                                        new CredentialVersion("v1"),
                                        Optional.empty(),
                                        java.util.Set.of()));
            }

            @Override
            public boolean sharesAccounts() {
                return true;
            }
        });
    }

    @Test
    void findsATimerThatStandsStill() {
        finds("never came to an end", new Sabotage() {
            @Override
            public Duration tick(Duration drawn) {
                return Duration.ofDays(100);
            }
        });
    }

    /** A spool in front of the right one. */
    private abstract static class Meddling implements Spool {

        private final Spool right;

        private Meddling(Spool right) {
            this.right = right;
        }

        @Override
        public Draft draft() throws IOException {
            return right.draft();
        }

        @Override
        public void recover(Consumer<SpooledMessage> consumer) throws IOException {
            right.recover(consumer);
        }

        @Override
        public InputStream openContent(MessageId id) throws IOException {
            return right.openContent(id);
        }

        @Override
        public Optional<SpooledMessage> find(MessageId id) throws IOException {
            return right.find(id);
        }

        @Override
        public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
            right.record(id, updates);
        }

        @Override
        public void remove(MessageId id) throws IOException {
            right.remove(id);
        }

        @Override
        public long remainingCapacity() {
            return right.remainingCapacity();
        }
    }

    /** Says that it is safe before it is. */
    private record Hasty(Draft right) implements Draft {

        @Override
        public void write(ByteBuffer content) throws IOException {
            right.write(content);
        }

        @Override
        public Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
                throws IOException {
            if (envelope.sender().isEmpty()) {
                return right.commit(envelope, binding, context, received);
            }
            return receipt(envelope, binding, context, received);
        }

        private static Receipt receipt(
                Envelope envelope, Binding binding, Map<String, String> context, Instant received) {
            return new Receipt(new SpooledMessage(
                    new MessageId("hasty"),
                    envelope,
                    binding,
                    context,
                    received,
                    0,
                    envelope.recipients().stream()
                            .map(one -> org.postern.spi.spool.RecipientState.fresh(received))
                            .toList()));
        }

        @Override
        public void close() {
            right.close();
        }
    }

    /** Stores no reports. */
    private record Silent(Draft right) implements Draft {

        @Override
        public void write(ByteBuffer content) throws IOException {
            right.write(content);
        }

        @Override
        public Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
                throws IOException {
            return envelope.sender().isEmpty()
                    ? Hasty.receipt(envelope, binding, context, received)
                    : right.commit(envelope, binding, context, received);
        }

        @Override
        public void close() {
            right.close();
        }
    }

    /** Leaves out the header that comes back with a report. */
    private record Beheading(Draft right) implements Draft {

        @Override
        public void write(ByteBuffer content) throws IOException {
            String text = ISO_8859_1.decode(content).toString();
            boolean report = text.contains("Content-Type: text/rfc822-headers");
            right.write(ISO_8859_1.encode(report ? text.replace("Tag: ", "") : text));
        }

        @Override
        public Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
                throws IOException {
            return right.commit(envelope, binding, context, received);
        }

        @Override
        public void close() {
            right.close();
        }
    }

    /** Ten minutes pass between any two looks. */
    private static final class Hurrying extends Clock {

        private final Clock right;
        private Duration ahead = Duration.ZERO;

        private Hurrying(Clock right) {
            this.right = right;
        }

        @Override
        public Instant instant() {
            ahead = ahead.plusMinutes(10);
            return right.instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return right.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
