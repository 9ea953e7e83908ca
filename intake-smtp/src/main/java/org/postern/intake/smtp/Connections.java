// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The connections of one listener, and how many there may be. Safe for many threads. */
final class Connections {

    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private final Map<InetAddress, Integer> perPeer = new HashMap<>();
    private final Set<Connection> open = new HashSet<>();
    private int admitted;

    Connections(Limits limits) {
        this.limits = limits;
    }

    /** Takes a place for a peer, which {@link #leave} gives back; false if there is none. */
    boolean admit(InetAddress peer) {
        lock.lock();
        try {
            int ofPeer = perPeer.getOrDefault(peer, 0);
            if (admitted >= limits.connections() || ofPeer >= limits.connectionsPerPeer()) {
                return false;
            }
            perPeer.put(peer, ofPeer + 1);
            admitted++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void add(Connection connection) {
        lock.lock();
        try {
            open.add(connection);
        } finally {
            lock.unlock();
        }
    }

    void remove(Connection connection) {
        lock.lock();
        try {
            open.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    void leave(InetAddress peer) {
        lock.lock();
        try {
            perPeer.computeIfPresent(peer, (same, count) -> count > 1 ? count - 1 : null);
            admitted--;
            if (admitted == 0) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return admitted;
        } finally {
            lock.unlock();
        }
    }

    List<Connection> all() {
        lock.lock();
        try {
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until none is left; false if some are after this time. */
    boolean awaitNone(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (admitted > 0 && left > 0) {
                left = empty.awaitNanos(left);
            }
            return admitted == 0;
        } finally {
            lock.unlock();
        }
    }
}
