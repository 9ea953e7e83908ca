// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.postern.spi.cluster.SharedRegisters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other relays that share the queue, as far as they can be heard: what they are told by comes and goes with the queue,
 * and its storage may not answer.
 *
 * <p>Threading: safe for many threads.
 */
final class Relays {

    private static final Logger LOG = LoggerFactory.getLogger(Relays.class);

    private final Supplier<Optional<SharedRegisters>> registers;
    private final Waiting waiting;
    private final AtomicBoolean away = new AtomicBoolean();

    /** Lets time pass. */
    @FunctionalInterface
    interface Waiting {
        void pass(Duration time) throws InterruptedException;
    }

    /**
     * Heard by these registers.
     *
     * @param registers those that are there now
     * @param waiting for what another relay does
     */
    Relays(Supplier<Optional<SharedRegisters>> registers, Waiting waiting) {
        this.registers = registers;
        this.waiting = waiting;
    }

    /** Of a relay that is alone. */
    static Relays none() {
        return new Relays(Optional::empty, Thread::sleep);
    }

    Optional<SharedRegisters> registers() {
        return registers.get();
    }

    void pass(Duration time) throws InterruptedException {
        waiting.pass(time);
    }

    /** The storage did not answer. */
    void lost(IOException failure) {
        if (!away.getAndSet(true)) {
            LOG.warn(
                    "nothing is heard of the other relays, and this one fetches its tokens by itself: {}",
                    failure.getMessage());
        }
    }

    /** The storage has answered. */
    void heard() {
        if (away.getAndSet(false)) {
            LOG.info("the other relays are heard again, and one token serves all");
        }
    }
}
