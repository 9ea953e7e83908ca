// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.settings.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the credential that a message is authenticated with: the password if one is set, else what the stores hold under
 * the key, else nothing but the user where the mechanisms need no more. A user that configuration or context set wins over the store's.
 *
 * <p>Threading: safe for many threads; blocks as long as the stores may.
 */
public final class CredentialResolver {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialResolver.class);
    private static final String CONFIGURATION = "configuration";
    private static final int WARNINGS_REMEMBERED = 1_000;

    private final StoreRegistry stores;
    private final SecretKinds kinds;
    private final LiteralVersion literals = new LiteralVersion();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * Asks these stores.
     *
     * @param mechanisms tell what a configured secret is
     */
    public CredentialResolver(StoreRegistry stores, MechanismRegistry mechanisms) {
        this.stores = stores;
        this.kinds = new SecretKinds(mechanisms);
    }

    /** The credential. Never says that none is needed: whether authentication applies was decided before. */
    public CredentialResult resolve(ResolvedAuth auth) throws InterruptedException {
        return resolve(auth, stores::lookup);
    }

    /** The credential, from the source and not from what somebody kept: for after a peer has refused this version. */
    public CredentialResult resolveAnew(ResolvedAuth auth, CredentialVersion refused) throws InterruptedException {
        return resolve(auth, ref -> stores.lookupAnew(ref, refused));
    }

    /** The reference that an identity's {@link AuthIdentity#source()} names, if it came from a store. */
    static String source(String store, CredentialRef ref) {
        return store.replace(':', ' ') + ":" + ref.key();
    }

    private CredentialResult resolve(ResolvedAuth auth, Question question) throws InterruptedException {
        Optional<String> shortfall = Shortfall.of(auth, kinds);
        if (shortfall.isPresent()) {
            return new CredentialResult.Missing(shortfall.get());
        }
        if (auth.password().isPresent()) {
            return literal(auth, auth.user().orElseThrow(), auth.password().get());
        }
        return auth.key().isPresent()
                ? stored(auth, question.ask(new CredentialRef(auth.key().get())))
                : withoutSecret(auth);
    }

    private CredentialResult literal(ResolvedAuth auth, String user, Secret password) {
        CredentialVersion version = literals.of(user, password);
        // Without the line: an edit further up in the file must not make all sessions log in again.
        String source = auth.passwordOrigin().map(Origin::file).orElse(CONFIGURATION);
        Credential credential = kinds.isToken(auth)
                ? new BearerToken(user, password.copy(), version, Optional.empty(), Set.of())
                : new PasswordCredential(user, password.copy(), version, Optional.empty(), Set.of());
        return new CredentialResult.Ready(new AuthIdentity(user, auth.authorization(), source, version), credential);
    }

    private static CredentialResult withoutSecret(ResolvedAuth auth) {
        Credential credential = new IdentityOnly(auth.user().orElse(""));
        String source = auth.mechanismsOrigin().map(Origin::file).orElse(CONFIGURATION);
        return new CredentialResult.Ready(
                new AuthIdentity(credential.user(), auth.authorization(), source, credential.version()), credential);
    }

    private CredentialResult stored(ResolvedAuth auth, StoreAnswer answer) {
        return switch (answer) {
            case StoreAnswer.Found found -> ready(auth, found);
            case StoreAnswer.Missing missing ->
                new CredentialResult.Missing("no credential " + named(auth) + ": " + missing.reason());
            case StoreAnswer.Unavailable unavailable ->
                new CredentialResult.Unavailable(
                        "no answer about credential " + named(auth) + ": " + unavailable.reason());
        };
    }

    private CredentialResult ready(ResolvedAuth auth, StoreAnswer.Found found) {
        Credential credential = forUser(auth, found);
        if (credential.user().isEmpty()) {
            credential.close();
            return new CredentialResult.Missing("credential " + named(auth) + " of store " + found.store()
                    + " names no user, and " + USER.name() + " is not set");
        }
        String source = source(found.store(), new CredentialRef(auth.key().orElseThrow()));
        return new CredentialResult.Ready(
                new AuthIdentity(credential.user(), auth.authorization(), source, credential.version()), credential);
    }

    private Credential forUser(ResolvedAuth auth, StoreAnswer.Found found) {
        Credential original = found.credential();
        String user = auth.user().orElse(original.user());
        if (user.equals(original.user())) {
            return original;
        }
        warnOnce(auth, found.store());
        try (original) {
            return CredentialCopy.of(original, user);
        }
    }

    private void warnOnce(ResolvedAuth auth, String store) {
        String which = Words.written(USER, auth.userOrigin()) + " differs from the user of credential " + named(auth)
                + " in store " + store + ": the former is used";
        if (warned.size() < WARNINGS_REMEMBERED && warned.add(which)) {
            LOG.warn("{}", which);
        }
    }

    private static String named(ResolvedAuth auth) {
        return "'" + Words.oneLine(auth.key().orElseThrow()) + "' (" + Words.written(KEY, auth.keyOrigin()) + ")";
    }

    private interface Question {
        StoreAnswer ask(CredentialRef ref) throws InterruptedException;
    }
}
