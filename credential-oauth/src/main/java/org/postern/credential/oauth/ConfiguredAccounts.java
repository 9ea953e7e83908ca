// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.credential.oauth.protocol.TokenRequests;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;

/** What this bundle's command may know and do about the accounts of the configuration. A service within the bundle. */
public interface ConfiguredAccounts {

    /** How the accounts are doing, in the order of the configuration. */
    List<TokenStatus> statuses();

    /** The accounts whose stanzas are wrong, and how. */
    Map<String, String> mistakes();

    /** One account. */
    Optional<Account> account(String name);

    /**
     * Asks the provider now, whatever it said before.
     *
     * @return what came of it; nothing where there is no such account. A credential found is the caller's to close
     */
    Optional<Lookup> retry(String name) throws InterruptedException;

    /**
     * What the account's client proves itself with, for a login that is to bring the refresh token.
     *
     * @return the client's secrets, to be closed by the caller
     * @throws IOException if they cannot be read; the text says why
     */
    KnownSecrets clientSecrets(Account account) throws IOException, InterruptedException;

    /** How providers are asked. */
    TokenRequests requests();

    /** Puts a refresh token where the account takes it from. */
    UpdateResult keep(Account account, Secret refreshToken) throws InterruptedException;
}
