// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.CREDENTIAL_STORES;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
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
import org.postern.spi.policy.StoreReference;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.Setting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the credential that a message is authenticated with: the password if one is set, or what a store holds where a
 * reference is set in its place, else what the stores hold under the key, else nothing but the user where the mechanisms
 * need no more. A user that configuration or context set wins over the store's.
 *
 * <p>Threading: safe for many threads; blocks as long as the stores may.
 */
public final class CredentialResolver {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialResolver.class);
    private static final String CONFIGURATION = "configuration";
    private static final int WARNINGS_REMEMBERED = 1_000;

    private final StoreRegistry stores;
    private final SecretKinds kinds;
    private final Clock clock;
    private final LiteralVersion literals = new LiteralVersion();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * Asks these stores.
     *
     * @param mechanisms tell what a configured secret is
     * @param clock tells what has expired
     */
    public CredentialResolver(StoreRegistry stores, MechanismRegistry mechanisms, Clock clock) {
        this.stores = stores;
        this.kinds = new SecretKinds(mechanisms);
        this.clock = clock;
    }

    /** The credential. Never says that none is needed: whether authentication applies was decided before. */
    public CredentialResult resolve(CredentialRequest request) throws InterruptedException {
        return resolve(request, stores::lookup);
    }

    /** The credential, from the source and not from what somebody kept: for after a peer has refused this version. */
    public CredentialResult resolveAnew(CredentialRequest request, CredentialVersion refused)
            throws InterruptedException {
        return resolve(request, query -> stores.lookupAnew(query, refused));
    }

    /** The reference that an identity's {@link AuthIdentity#source()} names, if it came from a store. */
    static String source(String store, CredentialRef ref) {
        return store.replace(':', ' ') + ":" + ref;
    }

    /** Whether a source is what a store holds under this key, whatever else the store wanted to know. */
    static boolean isFrom(String source, String key) {
        return source.endsWith(":" + key) || source.contains(":" + key + " (");
    }

    private interface Question {
        StoreAnswer ask(StoreQuery query) throws InterruptedException;
    }

    /**
     * What a store keeps for a message.
     *
     * @param query how stores are asked for it
     * @param named for people: what it is called and where that is written
     */
    private record Wanted(StoreQuery query, String named) {

        static Wanted of(
                CredentialRequest request, StoreReference reference, Setting<?> option, Optional<Origin> origin) {
            return new Wanted(request.of(reference), named(reference.toString(), option, origin));
        }

        static Wanted ofKey(CredentialRequest request) {
            ResolvedAuth auth = request.auth();
            return new Wanted(request.ofKey(), named(auth.key().orElseThrow(), KEY, auth.keyOrigin()));
        }

        private static String named(String what, Setting<?> option, Optional<Origin> origin) {
            return "'" + Words.oneLine(what) + "' (" + Words.written(option, origin) + ")";
        }
    }

    /** A user, or why there is none. */
    private sealed interface User {
        /** @param name empty where it comes with the secret */
        record Known(Optional<String> name) implements User {}

        record Unknown(CredentialResult why) implements User {}
    }

    private CredentialResult resolve(CredentialRequest request, Question question) throws InterruptedException {
        Optional<String> shortfall = Shortfall.of(request.auth(), kinds);
        if (shortfall.isPresent()) {
            return new CredentialResult.Missing(shortfall.get());
        }
        return switch (user(request)) {
            case User.Unknown unknown -> unknown.why();
            case User.Known known -> resolve(request, question, known.name());
        };
    }

    private CredentialResult resolve(CredentialRequest request, Question question, Optional<String> user)
            throws InterruptedException {
        ResolvedAuth auth = request.auth();
        if (auth.password().isPresent()) {
            return literal(auth, user.orElseThrow(), auth.password().get());
        }
        if (auth.stores().password().isPresent()) {
            return stored(
                    Wanted.of(request, auth.stores().password().get(), PASS, auth.passwordOrigin()),
                    auth,
                    user,
                    question);
        }
        return auth.key().isPresent() ? stored(Wanted.ofKey(request), auth, user, question) : withoutSecret(auth, user);
    }

    /** Where user and password name one entry, one answer gives both, and never two versions of it. */
    private User user(CredentialRequest request) throws InterruptedException {
        ResolvedAuth auth = request.auth();
        Optional<StoreReference> kept = auth.stores().user();
        if (kept.isEmpty()
                || auth.stores().password().filter(kept.get()::sameEntryAs).isPresent()) {
            return new User.Known(auth.user());
        }
        Wanted wanted = Wanted.of(request, kept.get(), USER, auth.userOrigin());
        return switch (stores.lookup(wanted.query())) {
            case StoreAnswer.Found found -> userOf(wanted, found);
            case StoreAnswer.Nothing nothing -> new User.Unknown(without(wanted, nothing));
        };
    }

    private static User userOf(Wanted wanted, StoreAnswer.Found found) {
        String name = found.credential().user();
        found.close();
        return name.isEmpty()
                ? new User.Unknown(new CredentialResult.Missing("credential " + wanted.named() + " names no user"))
                : new User.Known(Optional.of(name));
    }

    private CredentialResult literal(ResolvedAuth auth, String user, Secret written) {
        Optional<StoreReference> doubtful = StoreReference.of(written, stores.everSeen());
        if (doubtful.isPresent()) {
            return new CredentialResult.Missing(undeclared(auth, doubtful.get().store()));
        }
        Secret password = StoreReference.literal(written);
        CredentialVersion version = literals.of(user, password);
        // Without the line: an edit further up in the file must not make all sessions log in again.
        String source = auth.passwordOrigin().map(Origin::file).orElse(CONFIGURATION);
        Credential credential = kinds.isToken(auth)
                ? new BearerToken(user, password, version, Optional.empty(), Set.of())
                : new PasswordCredential(user, password, version, Optional.empty(), Set.of());
        return new CredentialResult.Ready(new AuthIdentity(user, auth.authorization(), source, version), credential);
    }

    private static String undeclared(ResolvedAuth auth, String store) {
        return Words.written(PASS, auth.passwordOrigin()) + " begins with '" + store
                + ":', which is the name of a credential store that " + CREDENTIAL_STORES.name()
                + " names nowhere: name it there if this is a reference, or write literal: before it if this is a password";
    }

    private static CredentialResult withoutSecret(ResolvedAuth auth, Optional<String> user) {
        Credential credential = new IdentityOnly(user.orElse(""));
        String source = auth.mechanismsOrigin().map(Origin::file).orElse(CONFIGURATION);
        return new CredentialResult.Ready(
                new AuthIdentity(credential.user(), auth.authorization(), source, credential.version()), credential);
    }

    private CredentialResult stored(Wanted wanted, ResolvedAuth auth, Optional<String> user, Question question)
            throws InterruptedException {
        return switch (question.ask(wanted.query())) {
            case StoreAnswer.Found found -> ready(wanted, auth, user, found);
            case StoreAnswer.Nothing nothing -> without(wanted, nothing);
        };
    }

    private static CredentialResult without(Wanted wanted, StoreAnswer.Nothing answer) {
        return switch (answer) {
            case StoreAnswer.Unusable bad ->
                new CredentialResult.Missing("credential " + wanted.named() + " cannot be used: " + bad.reason());
            case StoreAnswer.Missing missing ->
                new CredentialResult.Missing("no credential " + wanted.named() + ": " + missing.reason());
            case StoreAnswer.Unavailable unavailable ->
                new CredentialResult.Unavailable(
                        "no answer about credential " + wanted.named() + ": " + unavailable.reason());
        };
    }

    private CredentialResult ready(Wanted wanted, ResolvedAuth auth, Optional<String> user, StoreAnswer.Found found) {
        Credential credential = forUser(wanted, auth, user, found);
        Optional<String> objection = objection(wanted, credential, found.store());
        if (objection.isPresent()) {
            credential.close();
            return new CredentialResult.Missing(objection.get());
        }
        String source = source(found.store(), found.ref());
        return new CredentialResult.Ready(
                new AuthIdentity(credential.user(), auth.authorization(), source, credential.version()), credential);
    }

    private Optional<String> objection(Wanted wanted, Credential credential, String store) {
        String which = "credential " + wanted.named() + " of store " + store;
        if (credential.user().isEmpty()) {
            return Optional.of(which + " names no user, and " + USER.name() + " is not set");
        }
        return credential
                .validity()
                .expiry()
                .filter(end -> credential.validity().isOver(clock.instant()))
                .map(end -> which + " expired at " + end.truncatedTo(ChronoUnit.SECONDS) + ": store a new one");
    }

    private Credential forUser(Wanted wanted, ResolvedAuth auth, Optional<String> user, StoreAnswer.Found found) {
        found.next().ifPresent(Credential::close);
        Credential original = found.credential();
        String name = user.orElse(original.user());
        if (name.equals(original.user())) {
            return original;
        }
        warnOnce(wanted, auth, found.store());
        try (original) {
            return CredentialCopy.of(original, name);
        }
    }

    private void warnOnce(Wanted wanted, ResolvedAuth auth, String store) {
        String which = Words.written(USER, auth.userOrigin()) + " differs from the user of credential " + wanted.named()
                + " in store " + store + ": the former is used";
        if (warned.size() < WARNINGS_REMEMBERED && warned.add(which)) {
            LOG.warn("{}", which);
        }
    }
}
