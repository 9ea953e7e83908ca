// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Remembers hosts that failed, so that they are left alone for a while. Threading: safe for many threads. */
public final class HostRest {

    private static final int HOSTS_REMEMBERED = 10_000;

    private final Clock clock;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<InetSocketAddress, Rest> resting = new HashMap<>();

    /**
     * Why a host is left alone.
     *
     * @param until when it may be tried again
     * @param reason what it failed with, in one line for people
     */
    public record Rest(Instant until, String reason) implements Comparable<Rest> {

        @Override
        public int compareTo(Rest other) {
            return until.compareTo(other.until);
        }

        private boolean isOver(Instant now) {
            return !now.isBefore(until);
        }
    }

    /** Reads the time from this clock and remembers up to 10,000 hosts. */
    public HostRest(Clock clock) {
        this(clock, HOSTS_REMEMBERED);
    }

    /** @param limit how many hosts are remembered at most; the one whose rest ends first is forgotten first */
    public HostRest(Clock clock, int limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /** The host failed: leave it alone for this long. */
    public void failed(InetSocketAddress endpoint, Duration rest, String reason) {
        Instant now = clock.instant();
        lock.lock();
        try {
            if (resting.size() >= limit && !resting.containsKey(endpoint)) {
                makeRoom(now);
            }
            resting.put(endpoint, new Rest(now.plus(rest), reason));
        } finally {
            lock.unlock();
        }
    }

    /** The host works. */
    public void succeeded(InetSocketAddress endpoint) {
        lock.lock();
        try {
            resting.remove(endpoint);
        } finally {
            lock.unlock();
        }
    }

    /** An operator wants everything tried. */
    public void forgetAll() {
        lock.lock();
        try {
            resting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Until when and why the host is left alone, if it is. */
    public Optional<Rest> rest(InetSocketAddress endpoint) {
        Instant now = clock.instant();
        lock.lock();
        try {
            Optional<Rest> rest = Optional.ofNullable(resting.get(endpoint)).filter(found -> !found.isOver(now));
            if (rest.isEmpty()) {
                resting.remove(endpoint);
            }
            return rest;
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(Instant now) {
        resting.values().removeIf(rest -> rest.isOver(now));
        if (resting.size() >= limit) {
            resting.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .ifPresent(resting::remove);
        }
    }
}
