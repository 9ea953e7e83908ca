// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.TYPE;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.util.Optional;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.Setting;

/** What is missing where authentication applies but nothing could ever be sent. */
final class Shortfall {

    private static final int LONGEST_KEY = 1_024;

    private Shortfall() {}

    static Optional<String> of(ResolvedAuth auth, SecretKinds kinds) {
        return reference(PASS, auth.passwordOrigin(), auth.stores().password())
                .or(() -> reference(USER, auth.userOrigin(), auth.stores().user()))
                .or(() -> incomplete(auth, kinds));
    }

    private static Optional<String> reference(
            Setting<?> option, Optional<Origin> origin, Optional<StoreReference> written) {
        return written.flatMap(reference -> wrongKey(reference.key()))
                .map(wrong -> Words.written(option, origin) + " refers to the credential store "
                        + written.orElseThrow().store() + " with a key that " + wrong);
    }

    private static Optional<String> wrongKey(String key) {
        if (key.isEmpty()) {
            return Optional.of("is empty");
        }
        if (key.length() > LONGEST_KEY) {
            return Optional.of("has more than " + LONGEST_KEY + " characters");
        }
        return key.chars().anyMatch(Character::isISOControl)
                ? Optional.of("has a line end or another control character in it")
                : Optional.empty();
    }

    private static Optional<String> incomplete(ResolvedAuth auth, SecretKinds kinds) {
        if (auth.password().isPresent()) {
            return auth.namesUser() ? Optional.empty() : Optional.of(noUser(auth));
        }
        boolean secretKept = auth.stores().password().isPresent() || auth.key().isPresent();
        return secretKept || kinds.needsNone(auth) ? Optional.empty() : Optional.of(noSecret(auth));
    }

    private static String noUser(ResolvedAuth auth) {
        return "authentication is incomplete: " + Words.written(PASS, auth.passwordOrigin()) + " is set, but no "
                + USER.name();
    }

    private static String noSecret(ResolvedAuth auth) {
        String what = auth.namesUser()
                ? Words.written(USER, auth.userOrigin())
                : Words.written(TYPE, auth.mechanismsOrigin());
        return "authentication is incomplete: " + what + " is set, but neither " + PASS.name() + " nor " + KEY.name();
    }
}
