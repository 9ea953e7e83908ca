// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/** Credentials for tests. */
final class Accounts {

    private Accounts() {}

    static Credential account(String user, String password) {
        return new PasswordCredential(
                user, Secret.of(password), new CredentialVersion("1"), Optional.empty(), Set.of());
    }
}
