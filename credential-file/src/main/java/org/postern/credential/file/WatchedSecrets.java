// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.spi.credential.Lookup;
import org.postern.spi.text.Printable;

/**
 * The keys that were asked for, and no others: what else lies in the folders is none of our business. Those that nobody
 * asked for longest are forgotten when there are too many.
 *
 * <p>Threading: any thread.
 */
final class WatchedSecrets {

    /** Keys that are followed. */
    static final int MOST = 10_000;

    private final SecretFolders folders;
    private final SecretReader reader = new SecretReader();
    private final LongSupplier ticks;
    private final Map<String, WatchedSecret> byKey = new LinkedHashMap<>(16, 0.75f, true);

    WatchedSecrets(SecretFolders folders, LongSupplier ticks) {
        this.folders = folders;
        this.ticks = ticks;
    }

    Lookup lookup(String key) {
        return watched(key).map(WatchedSecret::lookup).orElseGet(() -> impossible(key));
    }

    Lookup lookupAnew(String key) {
        return watched(key).map(WatchedSecret::lookupAnew).orElseGet(() -> impossible(key));
    }

    /** The keys that have other answers than at the last call; for one caller. */
    List<String> poll() {
        Map<String, WatchedSecret> present;
        synchronized (byKey) {
            present = new LinkedHashMap<>(byKey);
        }
        List<String> changed = new ArrayList<>();
        present.forEach((key, secret) -> {
            if (secret.poll()) {
                changed.add(key);
            }
        });
        return changed;
    }

    /** How many keys are followed. */
    int size() {
        synchronized (byKey) {
            return byKey.size();
        }
    }

    private Optional<WatchedSecret> watched(String key) {
        if (SecretKey.objectionTo(key).isPresent()) {
            return Optional.empty();
        }
        synchronized (byKey) {
            WatchedSecret secret =
                    byKey.computeIfAbsent(key, absent -> new WatchedSecret(key, folders, reader::read, ticks));
            if (byKey.size() > MOST) {
                byKey.remove(byKey.keySet().iterator().next());
            }
            return Optional.of(secret);
        }
    }

    private static Lookup impossible(String key) {
        return new Lookup.NoSuchCredential("key " + Printable.quoted(key) + " "
                + SecretKey.objectionTo(key).orElseThrow());
    }
}
