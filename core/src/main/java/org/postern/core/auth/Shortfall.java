// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.TYPE;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.util.Optional;
import org.postern.spi.policy.ResolvedAuth;

/** What is missing where authentication applies but nothing could ever be sent. */
final class Shortfall {

    private Shortfall() {}

    static Optional<String> of(ResolvedAuth auth, SecretKinds kinds) {
        if (auth.password().isPresent()) {
            return auth.user().isPresent() ? Optional.empty() : Optional.of(noUser(auth));
        }
        return auth.key().isPresent() || kinds.needsNone(auth) ? Optional.empty() : Optional.of(noSecret(auth));
    }

    private static String noUser(ResolvedAuth auth) {
        return "authentication is incomplete: " + Words.written(PASS, auth.passwordOrigin()) + " is set, but no "
                + USER.name();
    }

    private static String noSecret(ResolvedAuth auth) {
        String what = auth.user().isPresent()
                ? Words.written(USER, auth.userOrigin())
                : Words.written(TYPE, auth.mechanismsOrigin());
        return "authentication is incomplete: " + what + " is set, but neither " + PASS.name() + " nor " + KEY.name();
    }
}
