// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.policy.StoreUse;
import org.postern.spi.settings.Origin;

/** What configurations might resolve to. */
record Auths(
        List<String> mechanisms,
        String user,
        String password,
        String key,
        boolean unverified,
        boolean cleartext,
        StoreUse stores) {

    static final Auths NOTHING = new Auths(List.of(), null, null, null, false, false, StoreUse.DEFAULT);

    Auths type(String... names) {
        return new Auths(List.of(names), user, password, key, unverified, cleartext, stores);
    }

    Auths user(String name) {
        return new Auths(mechanisms, name, password, key, unverified, cleartext, stores);
    }

    Auths password(String text) {
        return new Auths(mechanisms, user, text, key, unverified, cleartext, stores);
    }

    Auths key(String handle) {
        return new Auths(mechanisms, user, password, handle, unverified, cleartext, stores);
    }

    Auths allowUnverified() {
        return new Auths(mechanisms, user, password, key, true, cleartext, stores);
    }

    Auths allowCleartext() {
        return new Auths(mechanisms, user, password, key, unverified, true, stores);
    }

    Auths stores(String... order) {
        return with(new StoreUse(
                stores.user(),
                stores.password(),
                List.of(order),
                stores.cacheTime(),
                stores.staleWhileError(),
                stores.canaryShare()));
    }

    Auths userAt(String store, String reference) {
        return with(stores.naming(Optional.of(new StoreReference(store, reference)), stores.password()));
    }

    Auths passwordAt(String store, String reference) {
        return with(stores.naming(stores.user(), Optional.of(new StoreReference(store, reference))));
    }

    Auths with(StoreUse other) {
        return new Auths(mechanisms, user, password, key, unverified, cleartext, other);
    }

    ResolvedAuth resolved() {
        return new ResolvedAuth(
                mechanisms,
                at(mechanisms.isEmpty() ? null : mechanisms, 1),
                Optional.ofNullable(user),
                at(stores.user().isPresent() ? stores : user, 2),
                Optional.ofNullable(password).map(Secret::of),
                at(stores.password().isPresent() ? stores : password, 3),
                Optional.ofNullable(key),
                at(key, 4),
                Optional.empty(),
                InitialResponse.AUTO,
                unverified,
                cleartext,
                stores);
    }

    static PasswordCredential credential(String user, String password, String... hosts) {
        return new PasswordCredential(
                user, Secret.of(password), new CredentialVersion("v1"), Optional.empty(), Set.of(hosts));
    }

    private static Optional<Origin> at(Object value, int line) {
        return value == null ? Optional.empty() : Optional.of(new Origin("postern.conf", line, 5));
    }
}
