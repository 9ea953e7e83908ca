// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;

/** Credentials with secrets of their own, so that everybody closes what is theirs. */
final class CredentialCopy {

    private CredentialCopy() {}

    static Credential of(Credential original) {
        return of(original, original.user());
    }

    static Credential of(Credential original, String user) {
        return switch (original) {
            case PasswordCredential it ->
                new PasswordCredential(
                        user, it.password().copy(), it.version(), it.mechanism(), it.allowedHosts(), it.validity());
            case BearerToken it ->
                new BearerToken(user, it.token().copy(), it.version(), it.validity(), it.allowedHosts());
            case IdentityOnly it -> new IdentityOnly(user);
        };
    }
}
