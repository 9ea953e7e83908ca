// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The secrets that have been asked for, by path. Threading: safe for many threads. */
final class KnownSecrets {

    /** How many are watched. More are read all the same, each time anew. */
    static final int MOST = 10_000;

    /** Longer than the engine leaves a credential alone that a peer has refused. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(24);

    private final Surroundings around;
    private final Map<String, SecretLife> secrets = new ConcurrentHashMap<>();
    private volatile boolean closed;

    KnownSecrets(Surroundings around) {
        this.around = around;
    }

    SecretLife at(String path) {
        SecretLife known = secrets.get(path);
        if (known != null) {
            return known;
        }
        if (secrets.size() >= MOST) {
            return new SecretLife(path, around);
        }
        SecretLife added = secrets.computeIfAbsent(path, first -> new SecretLife(first, around));
        if (closed) {
            added.close();
        }
        return added;
    }

    void tick() {
        Instant forgotten = around.clock().instant().minus(FORGOTTEN_AFTER);
        secrets.values().removeIf(secret -> secret.isIdleSince(forgotten));
        secrets.values().forEach(SecretLife::tick);
    }

    void close() {
        closed = true;
        secrets.values().forEach(SecretLife::close);
    }
}
