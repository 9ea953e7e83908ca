// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.policy.StoreReference;

/**
 * The question which credential one message has.
 *
 * @param auth what the scopes, the context and the hooks say
 * @param attributes what is known of the message; a store is told what it asks for of it
 * @param since when this was asked first, if the message has waited for a store
 */
public record CredentialRequest(ResolvedAuth auth, Map<LookupAttribute, String> attributes, Optional<Instant> since) {

    /** @throws NullPointerException if a part is missing */
    public CredentialRequest {
        Objects.requireNonNull(auth, "auth");
        attributes = Map.copyOf(attributes);
        Objects.requireNonNull(since, "since");
    }

    /** Asked for the first time. */
    public CredentialRequest(ResolvedAuth auth, Map<LookupAttribute, String> attributes) {
        this(auth, attributes, Optional.empty());
    }

    /** The same message, where hooks have spoken again. */
    public CredentialRequest with(ResolvedAuth again) {
        return new CredentialRequest(again, attributes, since);
    }

    StoreQuery of(StoreReference reference) {
        return query(List.of(reference.store()), reference.key());
    }

    StoreQuery ofKey() {
        return query(auth.stores().order(), auth.key().orElseThrow());
    }

    private StoreQuery query(List<String> stores, String key) {
        return new StoreQuery(
                stores,
                new CredentialRef(key, attributes),
                auth.stores().cacheTime(),
                auth.stores().staleWhileError(),
                since);
    }
}
