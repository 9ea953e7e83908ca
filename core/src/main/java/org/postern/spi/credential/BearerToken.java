// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A user and an access token (RFC 6750).
 *
 * @param user the authentication identity
 * @param token the token
 * @param version the state of the credential
 * @param validity when the token was issued and when it ends
 * @param allowedHosts host names that the token may be shown to; empty means no such limit
 */
public record BearerToken(
        String user, Secret token, CredentialVersion version, Validity validity, Set<String> allowedHosts)
        implements Credential {

    /** The kind that mechanisms name which use a token. */
    public static final String KIND = "bearer";

    /** @throws NullPointerException if a part is missing */
    public BearerToken {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(validity, "validity");
        allowedHosts = allowedHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A token of which nothing but its end may be known. */
    public BearerToken(
            String user, Secret token, CredentialVersion version, Optional<Instant> expiry, Set<String> allowedHosts) {
        this(user, token, version, new Validity(Optional.empty(), expiry), allowedHosts);
    }

    /** When the token ends, if known. */
    public Optional<Instant> expiry() {
        return validity.expiry();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void close() {
        token.close();
    }
}
