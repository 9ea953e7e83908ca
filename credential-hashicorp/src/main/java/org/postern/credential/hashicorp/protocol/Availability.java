// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server can be asked. After it failed as a whole nothing is sent to it but one question now and then, whether
 * it works again.
 */
final class Availability {

    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);
    private static final Duration LONGEST_WISH = Duration.ofHours(1);

    private final InstantSource clock;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Pause> pause = Optional.empty();
    private int failures;
    private boolean probing;

    Availability(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    private record Pause(String reason, Instant until) {

        String shown() {
            return reason + "; asked again at " + until;
        }
    }

    /** Why nothing is to be sent now, if so. */
    Optional<String> refusal() {
        lock.lock();
        try {
            return pause.map(Pause::shown);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The server failed as a whole.
     *
     * @param wish how long it asked to be left alone
     * @return the reason with the time of the next question
     */
    String failed(String reason, Optional<Duration> wish) {
        lock.lock();
        try {
            Duration own = Backoff.SHORT.after(failures, random);
            Duration wished = wish.orElse(Duration.ZERO);
            Duration bounded = wished.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wished;
            if (failures == 0) {
                LOG.warn("{}", reason);
            }
            failures++;
            Pause next = new Pause(reason, clock.instant().plus(bounded.compareTo(own) > 0 ? bounded : own));
            pause = Optional.of(next);
            return next.shown();
        } finally {
            lock.unlock();
        }
    }

    /** The server answered a question that was no probe. */
    void answered() {
        lock.lock();
        try {
            if (failures > 0 && pause.isEmpty()) {
                LOG.info("the server answers again");
                failures = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller is to ask if the server works again. It then has to say {@link #probed}. */
    boolean beginProbe() {
        lock.lock();
        try {
            boolean due = !probing
                    && pause.filter(rest -> !clock.instant().isBefore(rest.until()))
                            .isPresent();
            probing = probing || due;
            return due;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What came of the probe. Even after a good one the failures count until a true question was answered: a server may
     * call itself healthy and yet send everybody elsewhere.
     */
    void probed(boolean works) {
        lock.lock();
        try {
            probing = false;
            if (works) {
                pause = Optional.empty();
            }
        } finally {
            lock.unlock();
        }
    }
}
