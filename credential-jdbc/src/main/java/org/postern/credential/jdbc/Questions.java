// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.spi.credential.CredentialRef;

/** What was asked last, in the engine's words, so that it hears of changes in the same. Any thread. */
final class Questions {

    private static final int MOST = 10_000;

    private final Map<CredentialRef, String> keys = new LinkedHashMap<>(16, 0.75f, true);

    synchronized void remember(CredentialRef ref, String key) {
        keys.put(ref, key);
        if (keys.size() > MOST) {
            keys.remove(keys.keySet().iterator().next());
        }
    }

    synchronized List<CredentialRef> about(Set<String> wanted) {
        return keys.entrySet().stream()
                .filter(entry -> wanted.contains(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
