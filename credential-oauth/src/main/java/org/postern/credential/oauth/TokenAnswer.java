// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/** What an identity provider answers to a request for a token. */
public sealed interface TokenAnswer {

    /**
     * A token. The receiver closes the secrets.
     *
     * @param token the access token
     * @param life how long it is good for, if the provider says so
     * @param refreshToken the refresh token to use from now on, if it is another
     */
    record Granted(Secret token, Optional<Duration> life, Optional<Secret> refreshToken) implements TokenAnswer {}

    /**
     * No, and asking again changes nothing: somebody has to do something first.
     *
     * @param code the error code (RFC 6749 section 5.2)
     * @param reason one line for people, without secrets
     */
    record Refused(String code, String reason) implements TokenAnswer {}

    /**
     * Not now: unreachable, overloaded, or not understood.
     *
     * @param reason one line for people, without secrets
     * @param retryAfter how long the provider wants to be left alone, if it says so
     */
    record Failed(String reason, Optional<Duration> retryAfter) implements TokenAnswer {}
}
