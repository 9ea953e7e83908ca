// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.cluster.RegisterName;
import org.postern.spi.credential.AuthIdentity;

/**
 * What a peer counts by: as whom one logs in there. Not which version of the password, and not which store it came from,
 * for the peer knows neither.
 *
 * @param user the authentication identity
 * @param authorization the authorization identity, if another was asked for
 * @param peer name and port, in lower case
 */
public record Account(String user, Optional<String> authorization, String peer) {

    /** Normalises the peer's name. */
    public Account {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(authorization, "authorization");
        peer = peer.toLowerCase(Locale.ROOT);
    }

    /** The account of an identity at a peer. */
    public static Account of(AuthIdentity identity, String peer) {
        return new Account(identity.user(), identity.authorization(), peer);
    }

    /** The same for all relays that share a queue, and no other account's. */
    public String sharedName() {
        return RegisterName.of("account", peer, user, authorization.isPresent() + "", authorization.orElse(""));
    }

    /** One line for people; a name of a store's making cannot break it. */
    @Override
    public String toString() {
        return "'" + user.replaceAll("\\p{Cntrl}", "?") + "' at " + peer;
    }
}
