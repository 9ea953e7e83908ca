// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registers that this relay shares with others, if there are any. Looks once a second for what others have put. Where
 * the storage does not answer, a relay goes on with what it knows: nothing here throws, and nobody waits for a storage that
 * has failed a moment ago.
 *
 * <p>Threading: safe for many threads. Followers are called by one thread, which {@link #start} begins.
 */
public final class Cluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** An answer that was longer on its way says too little of when it was given. */
    private static final Duration EXACT = Duration.ofMillis(100);

    private final Optional<SharedRegisters> registers;
    private final Clock clock;
    private final Map<String, Follower> followers = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private Optional<Thread> looking = Optional.empty();
    private long seen = SharedRegisters.BEGINNING;
    private volatile Duration storageAhead = Duration.ZERO;
    private volatile boolean away;

    /** Whoever wants to know what others put. */
    public interface Follower {

        /**
         * A register was put, by another relay or by this one. The same may be told twice. It must not block.
         *
         * @param register as it is now
         */
        void heard(Register register);

        /** Once a second, after everything was told; what could not be put before may be put now. May block. */
        default void caughtUp() {}

        /** This relay ends in good order. May block. */
        default void leave() {}
    }

    /**
     * For one relay.
     *
     * @param registers what is shared; empty for a relay that is alone
     * @param clock this relay's
     */
    public Cluster(Optional<SharedRegisters> registers, Clock clock) {
        this.registers = registers;
        this.clock = clock;
    }

    /** Of a relay that shares nothing. */
    public static Cluster alone() {
        return new Cluster(Optional.empty(), Clock.systemUTC());
    }

    /** What time it is for all relays: by the storage's clock, as far as a look can tell. */
    public Instant now() {
        return clock.instant().plus(storageAhead);
    }

    /** Whether others may be there. */
    public boolean isShared() {
        return registers.isPresent();
    }

    /** Tells of all registers of this topic from the next look on. To be called before {@link #start}. */
    public void follow(String topic, Follower follower) {
        followers.put(topic, follower);
    }

    /** Looks for the first time, so that what others know is known before the first message goes, and then every second. */
    public void start() {
        if (registers.isEmpty() || followers.isEmpty()) {
            return;
        }
        look();
        Thread thread = Thread.ofPlatform().daemon().name("postern-cluster").unstarted(this::live);
        looking = Optional.of(thread);
        thread.start();
    }

    private void live() {
        try {
            while (!ended.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells the followers what was put since the last time. For tests, and for the thread that does so every second. */
    public void look() {
        registers.ifPresent(shared -> {
            List<Register> heard;
            try {
                Instant asked = clock.instant();
                Changes changes = shared.changes(followers.keySet(), seen);
                compare(asked, changes.now());
                heard = changes.registers();
                seen = changes.next();
                back();
            } catch (IOException failed) {
                lost(failed);
                return;
            }
            heard.forEach(this::tell);
            followers.forEach((topic, follower) -> carefully(topic, follower::caughtUp));
        });
    }

    private void compare(Instant asked, Instant there) {
        Duration underWay = Duration.between(asked, clock.instant());
        if (underWay.compareTo(EXACT) <= 0 || storageAhead.isZero()) {
            storageAhead = Duration.between(asked.plus(underWay.dividedBy(2)), there);
        }
    }

    private void tell(Register register) {
        Optional.ofNullable(followers.get(register.topic()))
                .ifPresent(follower -> carefully(register.topic(), () -> follower.heard(register)));
    }

    private static void carefully(String topic, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException bug) {
            LOG.error("what other relays know of {} could not be taken up", topic, bug);
        }
    }

    /**
     * Puts, as {@link SharedRegisters#put} says.
     *
     * @return nothing if it is not known whether it holds, because the storage gives no answer
     */
    public Optional<Put> put(String topic, String name, byte[] value, long expected, Duration life) {
        if (registers.isEmpty() || away) {
            return Optional.empty();
        }
        try {
            return Optional.of(registers.get().put(topic, name, value, expected, life));
        } catch (IOException failed) {
            lost(failed);
            return Optional.empty();
        }
    }

    /**
     * Reads, as {@link SharedRegisters#read} says.
     *
     * @return nothing as well if the storage gives no answer; {@link #answers} tells
     */
    public Optional<Register> read(String topic, String name) {
        if (registers.isEmpty() || away) {
            return Optional.empty();
        }
        try {
            return registers.get().read(topic, name);
        } catch (IOException failed) {
            lost(failed);
            return Optional.empty();
        }
    }

    /** Whether the storage gave an answer when it was asked last. */
    public boolean answers() {
        return !away;
    }

    /** What operators call this node, if it shares anything. */
    public Optional<String> node() {
        return registers.map(SharedRegisters::node);
    }

    /** A name for a secret that all relays share, if they share anything. */
    public Optional<String> tag(String purpose, Secret secret) {
        return registers.map(shared -> shared.tag(purpose, secret));
    }

    private void lost(IOException failure) {
        if (!away) {
            LOG.warn(
                    "nothing is heard of the other relays, and this one goes on with what it knows: {}",
                    failure.getMessage());
        }
        away = true;
    }

    private void back() {
        if (away) {
            LOG.info("the other relays are heard again");
        }
        away = false;
    }

    @Override
    public void close() {
        ended.countDown();
        looking.ifPresent(thread -> {
            try {
                thread.join(PERIOD.multipliedBy(10));
                followers.forEach((topic, follower) -> carefully(topic, follower::leave));
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
