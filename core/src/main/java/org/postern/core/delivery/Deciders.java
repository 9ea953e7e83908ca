// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Whether every bundle is there that has a say in how mail is authenticated, and acts by the configuration in force. A
 * bundle is told its stanza at its own pace, after the engine; until its hook offers the hash of that very stanza, a message
 * that went out would go past it, perhaps without the authentication that it asks for.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class Deciders {

    private final Grace grace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, String> present = new ConcurrentHashMap<>();

    /** Nobody is there yet. */
    @Inject
    Deciders(Grace grace) {
        this.grace = grace;
    }

    /** A hook is there, or acts by another stanza than before: the one with this hash, if by any. */
    public void arrived(long serviceId, Optional<String> digest) {
        lock.lock();
        try {
            digest.ifPresentOrElse(hash -> present.put(serviceId, hash), () -> present.remove(serviceId));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A hook is gone; most likely it is being replaced. */
    public void left(long serviceId) {
        lock.lock();
        try {
            if (present.remove(serviceId) != null) {
                grace.departed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A configuration is in force that bundles are yet to be told of. */
    public void told(SettingsSnapshot snapshot) {
        if (!snapshot.deciding().isEmpty()) {
            grace.departed();
        }
    }

    /** What stands against sending mail now, after a short wait for hooks that are about to be there; nothing if all are. */
    Optional<String> objection(SettingsSnapshot snapshot) throws InterruptedException {
        // Nearly always all are there, and then no message waits for another one here.
        if (present.values().containsAll(snapshot.deciding().keySet())) {
            return Optional.empty();
        }
        lock.lockInterruptibly();
        try {
            List<String> absent = absent(snapshot);
            for (long left = grace.left().toNanos(); !absent.isEmpty() && left > 0; absent = absent(snapshot)) {
                left = changed.awaitNanos(left);
            }
            return absent.isEmpty() ? Optional.empty() : Optional.of(inWords(absent));
        } finally {
            lock.unlock();
        }
    }

    private List<String> absent(SettingsSnapshot snapshot) {
        return snapshot.deciding().entrySet().stream()
                .filter(stanza -> !present.containsValue(stanza.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }

    private static String inWords(List<String> absent) {
        return "the configuration has " + String.join(", ", absent)
                + ", and no hook acts by it yet: its bundle is not there, or has not taken it";
    }
}
