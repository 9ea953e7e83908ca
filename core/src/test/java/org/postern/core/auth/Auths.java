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
import org.postern.spi.settings.Origin;

/** What configurations might resolve to. */
record Auths(List<String> mechanisms, String user, String password, String key, boolean unverified, boolean cleartext) {

    static final Auths NOTHING = new Auths(List.of(), null, null, null, false, false);

    Auths type(String... names) {
        return new Auths(List.of(names), user, password, key, unverified, cleartext);
    }

    Auths user(String name) {
        return new Auths(mechanisms, name, password, key, unverified, cleartext);
    }

    Auths password(String text) {
        return new Auths(mechanisms, user, text, key, unverified, cleartext);
    }

    Auths key(String handle) {
        return new Auths(mechanisms, user, password, handle, unverified, cleartext);
    }

    Auths allowUnverified() {
        return new Auths(mechanisms, user, password, key, true, cleartext);
    }

    Auths allowCleartext() {
        return new Auths(mechanisms, user, password, key, unverified, true);
    }

    ResolvedAuth resolved() {
        return new ResolvedAuth(
                mechanisms,
                at(mechanisms.isEmpty() ? null : mechanisms, 1),
                Optional.ofNullable(user),
                at(user, 2),
                Optional.ofNullable(password).map(Secret::of),
                at(password, 3),
                Optional.ofNullable(key),
                at(key, 4),
                Optional.empty(),
                InitialResponse.AUTO,
                unverified,
                cleartext);
    }

    static PasswordCredential credential(String user, String password, String... hosts) {
        return new PasswordCredential(
                user, Secret.of(password), new CredentialVersion("v1"), Optional.empty(), Set.of(hosts));
    }

    private static Optional<Origin> at(Object value, int line) {
        return value == null ? Optional.empty() : Optional.of(new Origin("postern.conf", line, 5));
    }
}
