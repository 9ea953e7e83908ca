// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.util.Optional;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

/**
 * The secrets of an account. Closing it wipes them.
 *
 * @param client the client secret, the client's private key, or its assertion; nothing for a public client
 * @param grant the refresh token, or the service account's key
 * @param grantVersion the state of the refresh token, for replacing exactly this one
 * @param versions tells one state of all of them from another; may be logged
 */
public record KnownSecrets(
        Optional<Secret> client, Optional<Secret> grant, Optional<CredentialVersion> grantVersion, String versions)
        implements AutoCloseable {

    @Override
    public void close() {
        client.ifPresent(Secret::close);
        grant.ifPresent(Secret::close);
    }

    /** The versions only. */
    @Override
    public String toString() {
        return "KnownSecrets[" + versions + "]";
    }
}
