// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be written to a store. It does not own its secret.
 *
 * @param ref under which key
 * @param expected the version that this replaces: if the store holds another, nothing is written. Nothing here means
 *     whatever is there, or a new credential
 * @param user the user name; may be empty
 * @param secret the secret
 * @param allowedHosts host names that the secret may be shown to; empty means no such limit
 */
public record CredentialUpdate(
        CredentialRef ref, Optional<CredentialVersion> expected, String user, Secret secret, Set<String> allowedHosts) {

    /** @throws NullPointerException if a part is missing */
    public CredentialUpdate {
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(secret, "secret");
        allowedHosts = allowedHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
