// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.util.Optional;
import java.util.Set;
import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

/**
 * A refresh token as it is kept: for the host of the identity provider only. So whoever names its key by mistake where
 * the account's name belongs does not show it to a mail server.
 */
final class RefreshTokenEntry {

    private RefreshTokenEntry() {}

    static CredentialUpdate of(
            Account account, Grant.RefreshToken grant, Optional<CredentialVersion> replaces, Secret token) {
        return new CredentialUpdate(
                grant.token(),
                replaces,
                account.user(),
                token,
                Set.of(account.provider().host()));
    }
}
