// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Resolutions of the snapshot that was used last. Two generations of at most {@code limit} entries each: what is still
 * asked for moves to the young one, the old one is dropped whole when the young one is full. No lock, no clock.
 */
final class ResolutionCache {

    private final int limit;
    private volatile Pages pages = new Pages(null, Map.of());

    ResolutionCache(int limit) {
        this.limit = limit;
    }

    Resolution get(SettingsSnapshot snapshot, Binding binding, RoutingDomain domain, Supplier<Resolution> compile) {
        Pages current = pagesOf(snapshot);
        Key key = new Key(binding, domain);
        Resolution known = current.young.get(key);
        if (known != null) {
            return known;
        }
        Resolution older = current.old.get(key);
        Resolution found = older == null ? compile.get() : older;
        current.young.put(key, found);
        if (current.young.size() >= limit) {
            pages = new Pages(snapshot, current.young);
        }
        return found;
    }

    int size() {
        return pages.young.size() + pages.old.size();
    }

    private Pages pagesOf(SettingsSnapshot snapshot) {
        Pages current = pages;
        if (current.snapshot != snapshot) {
            current = new Pages(snapshot, Map.of());
            pages = current;
        }
        return current;
    }

    private record Key(Binding binding, RoutingDomain domain) {}

    private static final class Pages {

        private final SettingsSnapshot snapshot;
        private final Map<Key, Resolution> young = new ConcurrentHashMap<>();
        private final Map<Key, Resolution> old;

        Pages(SettingsSnapshot snapshot, Map<Key, Resolution> old) {
            this.snapshot = snapshot;
            this.old = old;
        }
    }
}
