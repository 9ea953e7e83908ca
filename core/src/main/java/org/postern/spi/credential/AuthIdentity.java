// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;
import java.util.Optional;

/**
 * As whom a session is authenticated: part of what makes two sessions different. It may be logged.
 *
 * @param user the authentication identity (RFC 4422 section 2)
 * @param authorization the authorization identity, if another was asked for
 * @param source where the credential came from: a store's reference, or the place in the configuration
 * @param version the state of the credential
 */
public record AuthIdentity(String user, Optional<String> authorization, String source, CredentialVersion version) {

    /** @throws NullPointerException if a part is missing */
    public AuthIdentity {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(authorization, "authorization");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(version, "version");
    }
}
