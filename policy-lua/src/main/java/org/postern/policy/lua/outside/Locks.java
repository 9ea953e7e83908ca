// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Named mutexes that all scripts share. What a call still holds when it ends is released, so that an error cannot lock
 * others out.
 *
 * <p>Threading: any thread. An owner is a state and not a thread, because coroutines change threads.
 */
final class Locks {

    private final ReentrantLock guard = new ReentrantLock();
    private final Condition released = guard.newCondition();
    private final Map<String, Object> owners = new HashMap<>();

    /**
     * Waits for a mutex.
     *
     * @return whether it is the owner's now; false if time ran out or the owner had it already
     */
    boolean lock(String name, Object owner, Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        guard.lockInterruptibly();
        try {
            while (owners.containsKey(name)) {
                if (owners.get(name) == owner || nanos <= 0) {
                    return false;
                }
                nanos = released.awaitNanos(nanos);
            }
            owners.put(name, owner);
            return true;
        } finally {
            guard.unlock();
        }
    }

    /** Gives a mutex back; returns whether the owner had it. */
    boolean unlock(String name, Object owner) {
        guard.lock();
        try {
            boolean had = owners.remove(name, owner);
            released.signalAll();
            return had;
        } finally {
            guard.unlock();
        }
    }

    /** Gives back all that an owner has. */
    void unlockAll(Object owner) {
        guard.lock();
        try {
            if (owners.values().removeIf(other -> other == owner)) {
                released.signalAll();
            }
        } finally {
            guard.unlock();
        }
    }

    /** For tests: how many are taken. */
    int taken() throws InterruptedException {
        guard.tryLock(1, TimeUnit.SECONDS);
        try {
            return owners.size();
        } finally {
            guard.unlock();
        }
    }
}
