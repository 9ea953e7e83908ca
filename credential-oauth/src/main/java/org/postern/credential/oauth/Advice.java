// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.text.Printable;

/** What the operator has to do where a provider refuses. */
final class Advice {

    private Advice() {}

    /**
     * To follow the reason.
     *
     * @param code the provider's error code (RFC 6749 section 5.2)
     */
    static String on(String code, Account account) {
        String name = Printable.of(account.name());
        return switch (code) {
            case "invalid_grant" -> onInvalidGrant(account, name);
            case "invalid_client", "unauthorized_client" ->
                "; look at the application " + Printable.of(account.clientId())
                        + " at the provider, and at its secret or certificate here; then run postern oauth retry "
                        + name;
            case "invalid_scope" -> "; correct Scope of account " + name;
            default -> "; when that is mended, run postern oauth retry " + name;
        };
    }

    private static String onInvalidGrant(Account account, String name) {
        return switch (account.grant()) {
            case Grant.RefreshToken refresh ->
                "; the refresh token was revoked or has expired: run postern oauth login " + name;
            case Grant.ClientCredentials own -> "; when that is mended, run postern oauth retry " + name;
            case Grant.JwtBearer bearer ->
                "; the service account may not act for " + Printable.of(account.user())
                        + ", or its key was deleted: mend that, then run postern oauth retry " + name;
        };
    }
}
