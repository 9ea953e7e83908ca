// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Optional;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.Validity;

/**
 * A credential that is kept: its secret is encrypted until somebody needs it, and wiped when it is kept no longer.
 *
 * <p>Threading: safe for many threads.
 */
final class SealedCredential {

    private static final Secret NOTHING = Secret.copyOf(new byte[0]);

    /** All but the secret. */
    private final Credential shape;

    private final SecretWrapping.Wrapped secret;
    private boolean wiped;

    private SealedCredential(Credential shape, SecretWrapping.Wrapped secret) {
        this.shape = shape;
        this.secret = secret;
    }

    /** Keeps a copy; the credential stays the caller's. */
    static SealedCredential of(Credential credential, SecretWrapping wrapping) {
        return new SealedCredential(with(NOTHING, credential), wrapping.wrap(secretOf(credential)));
    }

    CredentialVersion version() {
        return shape.version();
    }

    Validity validity() {
        return shape.validity();
    }

    /** A credential of the caller's own; nothing if it was wiped. */
    synchronized Optional<Credential> open() {
        return wiped ? Optional.empty() : Optional.of(with(secret.unwrap(), shape));
    }

    synchronized void wipe() {
        wiped = true;
        secret.close();
    }

    private static Secret secretOf(Credential credential) {
        return switch (credential) {
            case PasswordCredential it -> it.password();
            case BearerToken it -> it.token();
            case IdentityOnly nothing -> NOTHING;
        };
    }

    private static Credential with(Secret secret, Credential shape) {
        return switch (shape) {
            case PasswordCredential it ->
                new PasswordCredential(
                        it.user(), secret, it.version(), it.mechanism(), it.allowedHosts(), it.validity());
            case BearerToken it -> new BearerToken(it.user(), secret, it.version(), it.validity(), it.allowedHosts());
            case IdentityOnly it -> it;
        };
    }

    @Override
    public String toString() {
        return "SealedCredential[version " + shape.version() + "]";
    }
}
