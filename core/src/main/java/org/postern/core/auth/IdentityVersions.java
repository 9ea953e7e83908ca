// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import org.postern.core.cluster.Cluster;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/**
 * What tells an identity's credential from others. A relay that is alone goes by the store's version. That means nothing on
 * another machine, where the same store may count from elsewhere: relays that share registers go by a tag of the secret.
 *
 * <p>Threading: safe for many threads.
 */
final class IdentityVersions {

    private final Cluster cluster;

    IdentityVersions(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The version that an identity with this credential has. The credential stays the caller's, and must not be closed. */
    CredentialVersion of(Credential credential) {
        return of(credential, credential.user());
    }

    /** Whether an identity was made from this credential, perhaps for another user. */
    boolean isFrom(AuthIdentity identity, Credential credential) {
        return identity.version().equals(of(credential, identity.user()));
    }

    private CredentialVersion of(Credential credential, String user) {
        return switch (credential) {
            case PasswordCredential it -> tagged(it, user, it.password());
            case BearerToken it -> tagged(it, user, it.token());
            case IdentityOnly it -> it.version();
        };
    }

    /** With the user, so that nobody sees in a log who has the same password. A kind has no space in it. */
    private CredentialVersion tagged(Credential credential, String user, Secret secret) {
        return cluster.tag("login " + credential.kind() + " " + user, secret)
                .map(CredentialVersion::new)
                .orElseGet(credential::version);
    }
}
