// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Set;
import java.util.function.Predicate;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.policy.ResolvedAuth;

/**
 * What a configured secret is, told by the mechanisms that the configuration names. A password is never tried as a token:
 * only where none of them could take it for a password is it one.
 */
record SecretKinds(MechanismRegistry mechanisms) {

    boolean isToken(ResolvedAuth auth) {
        return all(auth, feeds -> feeds.contains(BearerToken.KIND) && !feeds.contains(PasswordCredential.KIND));
    }

    boolean needsNone(ResolvedAuth auth) {
        return all(auth, feeds -> feeds.contains(IdentityOnly.KIND));
    }

    private boolean all(ResolvedAuth auth, Predicate<Set<String>> condition) {
        return !auth.mechanisms().isEmpty()
                && auth.mechanisms().stream().map(mechanisms::feedsOf).allMatch(condition);
    }
}
