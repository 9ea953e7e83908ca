// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.postern.spi.credential.CredentialVersion;

/**
 * Numbers the states of one secret by the time at which their files changed. So a version tells nothing of the secret, is
 * the same after a restart, and a next password that becomes the present one keeps it. Not safe for several threads.
 */
final class Versions {

    private Map<Material, CredentialVersion> known = Map.of();
    private Instant last = Instant.MIN;
    private int more;

    /** Gives the materials of a reading their versions, and forgets those of the readings before the last. */
    void know(Reading.Present present) {
        Map<Material, CredentialVersion> now = new HashMap<>();
        now.put(present.current(), version(present.current()));
        present.next().ifPresent(next -> now.computeIfAbsent(next, this::version));
        known = now;
    }

    CredentialVersion of(Material material) {
        return known.get(material);
    }

    private CredentialVersion version(Material material) {
        CredentialVersion before = known.get(material);
        return before == null ? fresh(material.changed()) : before;
    }

    private CredentialVersion fresh(Instant changed) {
        if (changed.equals(last)) {
            // Two states within one tick of the file system's clock.
            more++;
            return new CredentialVersion(changed + "+" + more);
        }
        last = changed;
        more = 0;
        return new CredentialVersion(changed.toString());
    }
}
