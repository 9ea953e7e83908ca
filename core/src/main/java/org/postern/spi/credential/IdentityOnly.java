// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;
import java.util.Set;

/**
 * A user without a secret, for mechanisms whose proof lies elsewhere: in the client certificate of the TLS session
 * (EXTERNAL), in the tickets of the account that Postern runs under (GSSAPI), or nowhere (ANONYMOUS).
 *
 * @param user the authentication identity; empty where the proof alone says who this is
 */
public record IdentityOnly(String user) implements Credential {

    /** The kind that mechanisms name which can do without a secret. */
    public static final String KIND = "identity";

    private static final CredentialVersion ALWAYS_THE_SAME = new CredentialVersion("no secret");

    /** @throws NullPointerException if there is no user */
    public IdentityOnly {
        Objects.requireNonNull(user, "user");
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The same for all: without a secret there is nothing to tell apart. */
    @Override
    public CredentialVersion version() {
        return ALWAYS_THE_SAME;
    }

    /** For ever, as there is nothing to replace. */
    @Override
    public Validity validity() {
        return Validity.UNKNOWN;
    }

    /** No limit, as there is nothing to show. */
    @Override
    public Set<String> allowedHosts() {
        return Set.of();
    }

    @Override
    public void close() {}
}
