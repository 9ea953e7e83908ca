// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sessions that have nothing to do, found by what they can be used for and by what limits they count under. Nothing here
 * takes longer the more of them there are, but what looks at all of them by its nature.
 *
 * <p>Threading: guarded by the pool's lock.
 */
final class IdleSessions {

    // Each in the order in which they became idle.
    private final Map<SessionKey, LinkedHashSet<PooledSession>> byKey = new HashMap<>();
    private final Map<Object, LinkedHashSet<PooledSession>> byLimit = new HashMap<>();

    /** It became idle just now. */
    void add(PooledSession session) {
        byKey.computeIfAbsent(session.key(), key -> new LinkedHashSet<>()).add(session);
        for (Object limit : session.limits()) {
            byLimit.computeIfAbsent(limit, key -> new LinkedHashSet<>()).add(session);
        }
    }

    void remove(PooledSession session) {
        remove(byKey, session.key(), session);
        session.limits().forEach(limit -> remove(byLimit, limit, session));
    }

    private static <K> void remove(Map<K, LinkedHashSet<PooledSession>> sets, K key, PooledSession session) {
        LinkedHashSet<PooledSession> set = sets.get(key);
        if (set != null && set.remove(session) && set.isEmpty()) {
            sets.remove(key);
        }
    }

    /** The one that was used last, which is idle no longer. */
    Optional<PooledSession> take(SessionKey key) {
        Optional<PooledSession> last = Optional.ofNullable(byKey.get(key)).map(LinkedHashSet::getLast);
        last.ifPresent(this::remove);
        return last;
    }

    /** How many count under a limit. */
    int under(Object limit) {
        return Optional.ofNullable(byLimit.get(limit)).map(LinkedHashSet::size).orElse(0);
    }

    /** The one under a limit that has been idle for longest, of those that will do. */
    Optional<PooledSession> oldest(Object limit, Predicate<PooledSession> will) {
        return Optional.ofNullable(byLimit.get(limit))
                .flatMap(some -> some.stream().filter(will).findFirst());
    }

    /** Takes all of these away. */
    List<PooledSession> takeAll(Predicate<PooledSession> which) {
        List<PooledSession> taken = new ArrayList<>();
        byKey.values().forEach(some -> some.stream().filter(which).forEach(taken::add));
        taken.forEach(this::remove);
        return taken;
    }
}
