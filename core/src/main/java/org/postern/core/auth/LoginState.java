// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Instant;
import java.util.Optional;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.Validity;

/**
 * How the logins of one identity at one endpoint fare.
 *
 * @param identity as whom, with which version
 * @param endpoint where
 * @param validity of the credential, as it was when it was used last
 * @param refusals how often it was refused in a row
 * @param notBefore before when no login begins
 * @param last how the last login ended, if there was one
 */
public record LoginState(
        AuthIdentity identity,
        Endpoint endpoint,
        Validity validity,
        int refusals,
        Instant notBefore,
        Optional<LastLogin> last) {

    /**
     * How a login ended.
     *
     * @param when when it was over
     * @param reply what the peer said, or what happened instead; text of a stranger
     */
    public record LastLogin(Instant when, String reply) {}
}
