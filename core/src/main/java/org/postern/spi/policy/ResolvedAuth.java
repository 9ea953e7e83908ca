// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Origin;

/**
 * What configuration, context and hooks say about authenticating one message, after precedence.
 *
 * @param mechanisms names in upper case, best first; empty means any
 * @param mechanismsOrigin where the list is written, if it is
 * @param user the user, if one is set and no store keeps it
 * @param userOrigin where the user is written, if it is
 * @param password the password as it is written, if one is set and no store keeps it;
 *     {@link StoreReference#literal(Secret)} says what is meant
 * @param passwordOrigin where the password is written, if it is
 * @param key the handle for the stores, if one is set
 * @param keyOrigin where the handle is written, if it is
 * @param authorization the authorization identity, if one is set
 * @param initialResponse whether AUTH carries the first response
 * @param allowUnverifiedTls whether secrets may be shown under TLS that was not verified
 * @param allowCleartext whether secrets may be shown without TLS
 * @param stores how credential stores come in
 */
public record ResolvedAuth(
        List<String> mechanisms,
        Optional<Origin> mechanismsOrigin,
        Optional<String> user,
        Optional<Origin> userOrigin,
        Optional<Secret> password,
        Optional<Origin> passwordOrigin,
        Optional<String> key,
        Optional<Origin> keyOrigin,
        Optional<String> authorization,
        InitialResponse initialResponse,
        boolean allowUnverifiedTls,
        boolean allowCleartext,
        StoreUse stores) {

    /** @throws NullPointerException if a part is missing */
    public ResolvedAuth {
        mechanisms = List.copyOf(mechanisms);
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(authorization, "authorization");
        Objects.requireNonNull(initialResponse, "initialResponse");
        Objects.requireNonNull(stores, "stores");
    }

    /** Without references, and with the defaults of the options about stores. */
    public ResolvedAuth(
            List<String> mechanisms,
            Optional<Origin> mechanismsOrigin,
            Optional<String> user,
            Optional<Origin> userOrigin,
            Optional<Secret> password,
            Optional<Origin> passwordOrigin,
            Optional<String> key,
            Optional<Origin> keyOrigin,
            Optional<String> authorization,
            InitialResponse initialResponse,
            boolean allowUnverifiedTls,
            boolean allowCleartext) {
        this(
                mechanisms,
                mechanismsOrigin,
                user,
                userOrigin,
                password,
                passwordOrigin,
                key,
                keyOrigin,
                authorization,
                initialResponse,
                allowUnverifiedTls,
                allowCleartext,
                StoreUse.DEFAULT);
    }

    /** Whether authentication applies: something said so, and from then on the message never goes out without it. */
    public boolean applies() {
        return !mechanisms.isEmpty() || namesUser() || namesPassword() || key.isPresent();
    }

    /** Whether a user is set, by itself or by reference. */
    public boolean namesUser() {
        return user.isPresent() || stores.user().isPresent();
    }

    /** Whether a password is set, by itself or by reference. */
    public boolean namesPassword() {
        return password.isPresent() || stores.password().isPresent();
    }
}
