// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.CREDENTIAL_STORES;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.core.audit.Audit;
import org.postern.core.auth.CredentialResult.Standing;
import org.postern.core.cluster.Cluster;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
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
 * <p>Threading: safe for many threads; {@link #resolve} blocks for moments, all else as long as the stores may.
 */
public final class CredentialResolver {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialResolver.class);
    private static final String CONFIGURATION = "configuration";
    private static final int WARNINGS_REMEMBERED = 1_000;
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(10);

    private final StoreRegistry stores;
    private final Rotations rotations;
    private final Pace warnings;
    private final SecretKinds kinds;
    private final Clock clock;
    private final IdentityVersions versions;
    private final LiteralVersion literals = new LiteralVersion();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * Asks these stores, for a relay that is alone.
     *
     * @param mechanisms tell what a configured secret is
     * @param clock tells what has expired
     * @param audit is told of rotations
     */
    public CredentialResolver(StoreRegistry stores, MechanismRegistry mechanisms, Clock clock, Audit audit) {
        this(stores, mechanisms, clock, audit, Cluster.alone());
    }

    /** The same, for one whose identities have the versions that others of this cluster give them. */
    public CredentialResolver(
            StoreRegistry stores, MechanismRegistry mechanisms, Clock clock, Audit audit, Cluster cluster) {
        this.stores = stores;
        this.rotations = new Rotations(audit);
        this.warnings = new Pace(clock, BETWEEN_WARNINGS);
        this.kinds = new SecretKinds(mechanisms);
        this.clock = clock;
        this.versions = new IdentityVersions(cluster);
    }

    /**
     * The credential. Never says that none is needed: whether authentication applies was decided before. While a store has a
     * coming one, it may be that one, to be tried.
     *
     * @throws NotAnswered if a store has to be asked and takes its time
     */
    public CredentialResult resolve(CredentialRequest request) throws NotAnswered, InterruptedException {
        return resolve(request, stores::lookupInPassing, stores::lookupInPassing, this::deciding);
    }

    /** The credential that most messages have now; nothing is tried. */
    public CredentialResult show(CredentialRequest request) throws InterruptedException {
        return resolve(request, stores::lookup, stores::lookup, this::decided);
    }

    /** The credential, from the source and not from what somebody kept: for after a peer has refused this one. */
    public CredentialResult resolveAnew(CredentialRequest request, CredentialResult.Ready refused)
            throws InterruptedException {
        CredentialVersion version = refused.credential().version();
        return resolve(request, stores::lookup, query -> stores.lookupAnew(query, version), this::decided);
    }

    /**
     * Another version of the credential than one that a peer did not take, from what is known: the current one in place of a
     * coming one, the one before in place of the current one, which may be new to the peer.
     *
     * @param refused which one; it stays the caller's
     * @param forGood whether the peer refused the credential, and not only for now
     */
    public Optional<CredentialResult.Ready> instead(
            CredentialRequest request, CredentialResult.Ready refused, boolean forGood) throws InterruptedException {
        CredentialResult other = switch (refused.standing()) {
            case COMING -> resolve(request, stores::lookup, stores::lookup, (wanted, found) -> Pick.current(found));
            case CURRENT -> resolve(request, stores::lookup, stores::lookup, (wanted, found) -> before(found, forGood));
            case BEFORE, RENEWED -> new CredentialResult.Missing("");
        };
        if (!(other instanceof CredentialResult.Ready ready)) {
            return Optional.empty();
        }
        if (ready.identity().equals(refused.identity())) {
            ready.close();
            return Optional.empty();
        }
        return Optional.of(ready);
    }

    /** A peer has taken the version before the current one, which it does not know yet or no longer. */
    public void servedBefore(CredentialResult.Ready before) {
        before.from().ifPresent(question -> {
            stores.previousServes(question);
            if (warnings.isDue(question.reference())) {
                LOG.warn(
                        "credential {}: a peer refuses the version that the store holds, and takes {}, the one before;"
                                + " mail goes on with that",
                        question.reference(),
                        before.identity().version());
            }
        });
    }

    /** Whether an identity was made from this credential: what is true of one is true of the other. */
    public boolean isFrom(AuthIdentity identity, Credential credential) {
        return versions.isFrom(identity, credential);
    }

    /** Whether a source is what a store holds under this key, whatever else the store wanted to know. */
    static boolean isFrom(String source, String key) {
        return source.endsWith(":" + key) || source.contains(":" + key + " (");
    }

    private interface Asking<X extends Exception> {
        StoreAnswer ask(StoreQuery query) throws X, InterruptedException;
    }

    /** Chooses among the versions that a store gave. */
    private interface Choosing {
        Pick of(CredentialRequest request, StoreAnswer.Found found);
    }

    /**
     * What was chosen; the rest has been wiped.
     *
     * @param credential the receiver's own
     */
    private record Pick(Credential credential, Standing standing, Optional<Trial> trial) {

        static Pick current(StoreAnswer.Found found) {
            found.next().ifPresent(Credential::close);
            return new Pick(found.credential(), Standing.CURRENT, Optional.empty());
        }

        static Pick next(StoreAnswer.Found found, Optional<Trial> trial) {
            found.credential().close();
            return new Pick(found.next().orElseThrow(), Standing.COMING, trial);
        }
    }

    private Pick deciding(CredentialRequest request, StoreAnswer.Found found) {
        StoreQuestion question = found.question();
        if (!offersNext(question, found)) {
            return Pick.current(found);
        }
        CredentialVersion next = found.next().orElseThrow().version();
        return switch (rotations.choose(question, next, request.auth().stores().canaryShare(), this::promote)) {
            case Rotations.Choice.Current current -> currentUnlessOver(found);
            case Rotations.Choice.Next accepted -> Pick.next(found, Optional.empty());
            case Rotations.Choice.Try trying -> Pick.next(found, Optional.of(trying.trial()));
        };
    }

    private Pick decided(CredentialRequest request, StoreAnswer.Found found) {
        StoreQuestion question = found.question();
        return offersNext(question, found)
                        && rotations.isAccepted(
                                question, found.next().orElseThrow().version())
                ? Pick.next(found, Optional.empty())
                : currentUnlessOver(found);
    }

    private boolean offersNext(StoreQuestion question, StoreAnswer.Found found) {
        boolean offered = found.next()
                .filter(next -> !next.version().equals(found.credential().version()))
                .filter(next -> !next.validity().isOver(clock.instant()))
                .isPresent();
        if (!offered) {
            rotations.settled(question);
        }
        return offered;
    }

    /** Where the current one has ended, the coming one is all there is. */
    private Pick currentUnlessOver(StoreAnswer.Found found) {
        boolean over = found.credential().validity().isOver(clock.instant());
        return over && found.next().isPresent() ? Pick.next(found, Optional.empty()) : Pick.current(found);
    }

    private Pick before(StoreAnswer.Found found, boolean forGood) {
        StoreQuestion question = found.question();
        Optional<Credential> previous =
                forGood || stores.doesPreviousServe(question) ? stores.previous(question) : Optional.empty();
        if (previous.isEmpty()) {
            return Pick.current(found);
        }
        found.close();
        return new Pick(previous.get(), Standing.BEFORE, Optional.empty());
    }

    private void promote(StoreQuestion question, CredentialVersion next) {
        Thread.ofVirtual().name("postern-promote").start(() -> {
            try {
                switch (stores.promote(question, next)) {
                    case UpdateResult.Updated updated -> rotations.promoted(question, updated.version());
                    case UpdateResult.Superseded other -> rotations.notPromoted(question, next, other.reason());
                    case UpdateResult.NotUpdated not -> rotations.notPromoted(question, next, not.reason());
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /**
     * What a store keeps for a message.
     *
     * @param query how stores are asked for it
     * @param what what it is called
     * @param option which option names it
     * @param origin where that is written
     */
    private record Wanted(StoreQuery query, String what, Setting<?> option, Optional<Origin> origin) {

        static Wanted of(
                CredentialRequest request, StoreReference reference, Setting<?> option, Optional<Origin> origin) {
            return new Wanted(request.of(reference), reference.toString(), option, origin);
        }

        static Wanted ofKey(CredentialRequest request) {
            ResolvedAuth auth = request.auth();
            return new Wanted(request.ofKey(), auth.key().orElseThrow(), KEY, auth.keyOrigin());
        }

        /** For people. Not made before it is needed: most messages find what they want. */
        String named() {
            return "'" + Words.oneLine(what) + "' (" + Words.written(option, origin) + ")";
        }
    }

    /** A user, or why there is none. */
    private sealed interface User {
        /** @param name empty where it comes with the secret */
        record Known(Optional<String> name) implements User {}

        record Unknown(CredentialResult why) implements User {}
    }

    private <X extends Exception> CredentialResult resolve(
            CredentialRequest request, Asking<X> forUser, Asking<X> asking, Choosing choosing)
            throws X, InterruptedException {
        Optional<String> shortfall = Shortfall.of(request.auth(), kinds);
        if (shortfall.isPresent()) {
            return new CredentialResult.Missing(shortfall.get());
        }
        return switch (user(request, forUser)) {
            case User.Unknown unknown -> unknown.why();
            case User.Known known -> resolve(request, asking, choosing, known.name());
        };
    }

    private <X extends Exception> CredentialResult resolve(
            CredentialRequest request, Asking<X> asking, Choosing choosing, Optional<String> user)
            throws X, InterruptedException {
        ResolvedAuth auth = request.auth();
        if (auth.password().isPresent()) {
            return literal(auth, user.orElseThrow(), auth.password().get());
        }
        Optional<StoreReference> kept = auth.stores().password();
        if (kept.isEmpty() && auth.key().isEmpty()) {
            return withoutSecret(auth, user);
        }
        Wanted wanted = kept.map(reference -> Wanted.of(request, reference, PASS, auth.passwordOrigin()))
                .orElseGet(() -> Wanted.ofKey(request));
        return switch (asking.ask(wanted.query())) {
            case StoreAnswer.Found found -> ready(wanted, request, user, found, choosing.of(request, found));
            case StoreAnswer.Nothing nothing -> without(wanted, nothing);
        };
    }

    /** Where user and password name one entry, one answer gives both, and never two versions of it. */
    private <X extends Exception> User user(CredentialRequest request, Asking<X> asking)
            throws X, InterruptedException {
        ResolvedAuth auth = request.auth();
        Optional<StoreReference> kept = auth.stores().user();
        if (kept.isEmpty()
                || auth.stores().password().filter(kept.get()::sameEntryAs).isPresent()) {
            return new User.Known(auth.user());
        }
        Wanted wanted = Wanted.of(request, kept.get(), USER, auth.userOrigin());
        return switch (asking.ask(wanted.query())) {
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
        return new CredentialResult.Ready(identity(auth, source, credential), credential);
    }

    private AuthIdentity identity(ResolvedAuth auth, String source, Credential credential) {
        return new AuthIdentity(credential.user(), auth.authorization(), source, versions.of(credential));
    }

    private static String undeclared(ResolvedAuth auth, String store) {
        return Words.written(PASS, auth.passwordOrigin()) + " begins with '" + store
                + ":', which is the name of a credential store that " + CREDENTIAL_STORES.name()
                + " names nowhere: name it there if this is a reference, or write literal: before it if this is a password";
    }

    private CredentialResult withoutSecret(ResolvedAuth auth, Optional<String> user) {
        Credential credential = new IdentityOnly(user.orElse(""));
        String source = auth.mechanismsOrigin().map(Origin::file).orElse(CONFIGURATION);
        return new CredentialResult.Ready(identity(auth, source, credential), credential);
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

    private CredentialResult ready(
            Wanted wanted, CredentialRequest request, Optional<String> user, StoreAnswer.Found found, Pick pick) {
        ResolvedAuth auth = request.auth();
        Credential credential = forUser(wanted, auth, user, found.store(), pick.credential());
        Optional<String> objection = objection(wanted, credential, found.store());
        if (objection.isPresent()) {
            credential.close();
            pick.trial().ifPresent(Trial::close);
            return new CredentialResult.Missing(objection.get());
        }
        StoreQuestion question = found.question();
        return new CredentialResult.Ready(
                identity(auth, question.reference(), credential),
                credential,
                pick.standing(),
                pick.trial(),
                Optional.of(question));
    }

    private Optional<String> objection(Wanted wanted, Credential credential, String store) {
        if (credential.user().isEmpty()) {
            return Optional.of(which(wanted, store) + " names no user, and " + USER.name() + " is not set");
        }
        return credential
                .validity()
                .expiry()
                .filter(end -> credential.validity().isOver(clock.instant()))
                .map(end -> which(wanted, store) + " expired at " + end.truncatedTo(ChronoUnit.SECONDS)
                        + ": store a new one");
    }

    private static String which(Wanted wanted, String store) {
        return "credential " + wanted.named() + " of store " + store;
    }

    private Credential forUser(
            Wanted wanted, ResolvedAuth auth, Optional<String> user, String store, Credential original) {
        String name = user.orElse(original.user());
        if (name.equals(original.user())) {
            return original;
        }
        warnOnce(wanted, auth, store);
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
