// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Instant;
import java.util.Optional;
import org.postern.spi.credential.CredentialVersion;

/**
 * How an account is doing, without anything secret.
 *
 * @param account which one
 * @param state in a word
 * @param version of the token that is handed out, if there is one
 * @param expiry when it ends, if that is known
 * @param refresh from when on another is fetched
 */
public record TokenStatus(
        Account account,
        State state,
        Optional<CredentialVersion> version,
        Optional<Instant> expiry,
        Optional<Instant> refresh) {

    /** In a word. */
    public sealed interface State {

        /** There is a token. */
        record Good() implements State {}

        /** Nobody has needed a token yet, or not since the last one ended. */
        record NotAsked() implements State {}

        /** The provider or a store fails; a token that is there is used until its end. */
        record Failing(String reason, Instant until) implements State {}

        /** Somebody has to do something. */
        record NeedsOperator(String reason) implements State {}
    }
}
