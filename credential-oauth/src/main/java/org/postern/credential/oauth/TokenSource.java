// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

/** Asks an identity provider for a token. */
@FunctionalInterface
public interface TokenSource {

    /**
     * Asks once. Blocks until there is an answer, within the deadline of the source.
     *
     * @param account for whom
     * @param secrets what the account's grant and client need; they stay the caller's
     * @return never null
     * @throws InterruptedException if the caller was told to stop
     */
    TokenAnswer ask(Account account, KnownSecrets secrets) throws InterruptedException;
}
