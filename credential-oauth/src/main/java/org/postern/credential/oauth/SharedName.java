// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.net.URI;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Provider;
import org.postern.spi.cluster.RegisterName;

/**
 * What relays call the registers of an account: everything that a token depends on and that is no secret, so that relays
 * whose configurations differ do not take tokens from one another.
 */
final class SharedName {

    private SharedName() {}

    /** A name that no other account has, within the bounds of a register's. */
    static String of(Account account) {
        return RegisterName.of(
                place(account.provider()).toString(),
                account.clientId(),
                account.name(),
                account.user(),
                String.join(" ", account.scopes()),
                word(account.grant()));
    }

    private static URI place(Provider provider) {
        return switch (provider) {
            case Provider.Known known -> known.token();
            case Provider.Discovered discovered -> discovered.issuer();
        };
    }

    private static String word(Grant grant) {
        return switch (grant) {
            case Grant.ClientCredentials own -> "client_credentials";
            case Grant.RefreshToken refresh -> "refresh_token";
            case Grant.JwtBearer bearer -> "jwt_bearer";
        };
    }
}
