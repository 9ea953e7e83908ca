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
     * The server failed as a whole. Several who fail at the same moment are one failure.
     *
     * @param wish how long it asked to be left alone
     * @return the reason with the time of the next question
     */
    String failed(String reason, Optional<Duration> wish) {
        lock.lock();
        try {
            Instant now = clock.instant();
            boolean known = pause.filter(rest -> now.isBefore(rest.until())).isPresent();
            Duration own = known ? Duration.ZERO : Backoff.SHORT.after(failures++, random);
            if (failures == 1 && !known) {
                LOG.warn("{}", reason);
            }
            Instant until = later(pause.map(Pause::until).orElse(now), now.plus(longer(own, wish)));
            Pause next = new Pause(reason, until);
            pause = Optional.of(next);
            return next.shown();
        } finally {
            lock.unlock();
        }
    }

    private static Duration longer(Duration own, Optional<Duration> wish) {
        Duration bounded =
                wish.filter(asked -> asked.compareTo(LONGEST_WISH) < 0).orElse(LONGEST_WISH);
        return wish.isPresent() && bounded.compareTo(own) > 0 ? bounded : own;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
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
