// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

/**
 * Names the states of credentials. A state is called after the version of the secret that it was first seen in, and keeps
 * its name through later versions with the same user and password: somebody who writes the same again, or makes the coming
 * password the current one, causes no login.
 *
 * <p>Threading: safe for many threads.
 */
final class VersionNames {

    /** How many states are remembered. One that was forgotten gets a name with a later number. */
    static final int MOST = 50_000;

    private final Fingerprint fingerprint;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, CredentialVersion> names = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CredentialVersion> eldest) {
            return size() > MOST;
        }
    };

    VersionNames(Fingerprint fingerprint) {
        this.fingerprint = fingerprint;
    }

    /**
     * The name of a state.
     *
     * @param path of the secret
     * @param number of the version of the secret, where it has one
     */
    CredentialVersion of(String path, Optional<Long> number, String user, Secret password) {
        String content = fingerprint.of(user, password);
        lock.lock();
        try {
            return names.computeIfAbsent(
                    content + " " + path,
                    first -> new CredentialVersion(
                            number.map(count -> count + "." + content).orElse(content)));
        } finally {
            lock.unlock();
        }
    }
}
