// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.time.Duration;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/** What came of a login. */
sealed interface LoginResult {

    /**
     * A token.
     *
     * @param token the receiver's to close
     * @param life how long it is good for; nothing if it does not end, or nobody knows
     * @param renewable whether it can be made to live longer
     */
    record Granted(Secret token, Optional<Duration> life, boolean renewable) implements LoginResult {}

    /** Somebody has to put something right. */
    record Refused(String reason) implements LoginResult {}

    /** It went wrong this time. */
    record Failed(String reason) implements LoginResult {}

    /** The server cannot be asked anything now, and something else finds out when it can. */
    record Unavailable(String reason) implements LoginResult {}
}
