// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.core.auth.AuthPlan;
import org.postern.core.auth.AuthPlanner;
import org.postern.core.auth.Channel;
import org.postern.core.auth.CredentialRequest;
import org.postern.core.auth.CredentialResolver;
import org.postern.core.auth.CredentialResult;
import org.postern.core.auth.DisclosureGuard;
import org.postern.core.auth.Endpoint;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.auth.MechanismChoice;
import org.postern.core.auth.MechanismRegistry;
import org.postern.core.route.Hop;
import org.postern.engine.dto.Explanation;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.credential.Octets;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.sasl.TlsEvidence;

/** Works out which credential a plan leads to, and what it could be used for, with the parts that deliveries use. */
@Singleton
final class AccountExplainer {

    private static final String VERIFIED = "verified TLS";

    /** RFC 2606: no peer has this name, so that no credential names it by chance. */
    private static final Endpoint UNKNOWN_PEER = new Endpoint("peer.invalid", 25);

    private final AuthPlanner planner;
    private final CredentialResolver credentials;
    private final DisclosureGuard guard;
    private final MechanismRegistry mechanisms;
    private final Clock clock;

    @Inject
    AccountExplainer(
            AuthPlanner planner,
            CredentialResolver credentials,
            DisclosureGuard guard,
            MechanismRegistry mechanisms,
            Clock clock) {
        this.planner = planner;
        this.credentials = credentials;
        this.guard = guard;
        this.mechanisms = mechanisms;
        this.clock = clock;
    }

    /**
     * What was found.
     *
     * @param credential as it may be shown
     * @param identity as whom, if there is a credential
     * @param mechanisms what could be used
     */
    record Account(
            Explanation.CredentialExplained credential,
            Optional<AuthIdentity> identity,
            List<Explanation.Mechanism> mechanisms) {}

    /**
     * Asks the stores, unless that is not wanted.
     *
     * @param about what stores may be told of the message
     * @param hop the first host, if one is known
     */
    Account find(AuthPlan.Authenticate plan, Map<LookupAttribute, String> about, Optional<Hop> hop, boolean offline)
            throws InterruptedException {
        ResolvedAuth auth = plan.auth();
        if (offline && (auth.password().isEmpty() || auth.stores().user().isPresent())) {
            return without(auth, "not asked", Optional.empty());
        }
        return switch (credentials.show(new CredentialRequest(auth, about))) {
            case CredentialResult.Ready ready -> {
                try (Credential credential = ready.credential()) {
                    yield with(plan, ready.identity(), credential, hop);
                }
            }
            case CredentialResult.Missing missing -> without(auth, "missing", Optional.of(missing.reason()));
            case CredentialResult.Unavailable down -> without(auth, "unavailable", Optional.of(down.reason()));
        };
    }

    private Account without(ResolvedAuth auth, String status, Optional<String> reason) {
        Explanation.CredentialExplained shown = new Explanation.CredentialExplained(
                status,
                asked(auth),
                Optional.empty(),
                auth.user(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                reason);
        List<Explanation.Mechanism> listed = names(auth).stream()
                .map(name -> new Explanation.Mechanism(
                        name,
                        installed(name).map(InstalledMechanism::bundle),
                        false,
                        Optional.of(installed(name).isEmpty() ? "not installed" : "no credential is at hand"),
                        List.of()))
                .toList();
        return new Account(shown, Optional.empty(), listed);
    }

    private Account with(AuthPlan.Authenticate plan, AuthIdentity identity, Credential credential, Optional<Hop> hop) {
        boolean stored = plan.auth().password().isEmpty();
        Explanation.CredentialExplained shown = new Explanation.CredentialExplained(
                "found",
                stored ? asked(plan.auth()) : Optional.empty(),
                Optional.of(identity.source()),
                Optional.of(identity.user()),
                Optional.of(identity.version().value()),
                Optional.of(credential.kind()),
                stored ? Optional.of(clock.instant()) : Optional.empty(),
                credential.validity().since(),
                credential.validity().expiry(),
                credential.allowedHosts().stream().sorted().toList(),
                Optional.empty());
        List<Explanation.Mechanism> judged = names(plan.auth()).stream()
                .map(name -> mechanism(name, plan, new CredentialResult.Ready(identity, credential), hop))
                .toList();
        return new Account(shown, Optional.of(identity), judged);
    }

    /** The reference or the key that stores are asked for. */
    private static Optional<String> asked(ResolvedAuth auth) {
        return auth.stores().password().map(StoreReference::toString).or(auth::key);
    }

    /** Those that are wanted in their order, then the others that are here. */
    private List<String> names(ResolvedAuth auth) {
        List<String> names = new ArrayList<>(auth.mechanisms());
        mechanisms.installed().stream()
                .map(InstalledMechanism::name)
                .filter(name -> !names.contains(name))
                .forEach(names::add);
        return names;
    }

    private Optional<InstalledMechanism> installed(String name) {
        return mechanisms.installed().stream()
                .filter(one -> one.name().equals(name))
                .findFirst();
    }

    private Explanation.Mechanism mechanism(
            String name, AuthPlan.Authenticate plan, CredentialResult.Ready ready, Optional<Hop> hop) {
        Credential credential = ready.credential();
        Optional<InstalledMechanism> found = installed(name);
        if (found.isEmpty()) {
            return new Explanation.Mechanism(name, Optional.empty(), false, Optional.of("not installed"), List.of());
        }
        Map<String, Channel> channels = channels(hop);
        MechanismChoice choice =
                planner.choose(plan, ready, Set.of(name), channels.get(VERIFIED), mechanisms.installed());
        List<Explanation.Disclosure> disclosures = channels.entrySet().stream()
                .map(one ->
                        disclosure(one.getKey(), guard.consider(found.get(), credential, plan.auth(), one.getValue())))
                .toList();
        return switch (choice) {
            case MechanismChoice.Usable usable ->
                new Explanation.Mechanism(name, Optional.of(found.get().bundle()), true, Optional.empty(), disclosures);
            case MechanismChoice.Weaker weaker ->
                new Explanation.Mechanism(
                        name,
                        Optional.of(found.get().bundle()),
                        false,
                        Optional.of("alone it is less than " + weaker.known().mechanism() + ", which "
                                + weaker.known().endpoint() + " took before"),
                        disclosures);
            case MechanismChoice.NoneUsable none ->
                new Explanation.Mechanism(
                        name,
                        Optional.of(found.get().bundle()),
                        false,
                        Optional.of(whyNot(found.get(), plan.auth(), credential, none)),
                        disclosures);
        };
    }

    /** The reason in a few words where one is enough; the planner's own where it takes more. */
    private static String whyNot(
            InstalledMechanism mechanism, ResolvedAuth auth, Credential credential, MechanismChoice.NoneUsable none) {
        if (!auth.mechanisms().isEmpty() && !auth.mechanisms().contains(mechanism.name())) {
            return OutboundAuthSettings.TYPE.name() + " does not name it";
        }
        return mechanism.feeds().contains(credential.kind())
                ? none.explanation()
                : "it needs " + String.join(" or ", new TreeSet<>(mechanism.feeds())) + ", and this is "
                        + credential.kind();
    }

    private static Explanation.Disclosure disclosure(String connection, DisclosureGuard.Verdict verdict) {
        return switch (verdict) {
            case DisclosureGuard.Verdict.Permit permit ->
                new Explanation.Disclosure(
                        connection, true, permit.exception().map(option -> option.name() + " = true"));
            case DisclosureGuard.Verdict.Refusal refusal ->
                new Explanation.Disclosure(connection, false, Optional.of(refusal.reason()));
        };
    }

    /** The connections that a session with the first host could turn out to have. */
    private static Map<String, Channel> channels(Optional<Hop> hop) {
        Endpoint endpoint =
                hop.map(host -> new Endpoint(host.host(), host.port())).orElse(UNKNOWN_PEER);
        InetAddress address = hop.map(host -> host.addresses().getFirst()).orElseGet(AccountExplainer::elsewhere);
        Map<String, Channel> channels = new LinkedHashMap<>();
        channels.put(VERIFIED, new Channel(endpoint, address, Optional.of(tls(true))));
        channels.put("unverified TLS", new Channel(endpoint, address, Optional.of(tls(false))));
        channels.put("no TLS", new Channel(endpoint, address, Optional.empty()));
        return channels;
    }

    private static TlsEvidence tls(boolean verified) {
        return new TlsEvidence(
                "TLSv1.3",
                "TLS_AES_256_GCM_SHA384",
                List.of(),
                verified,
                "supposed",
                List.of(),
                Map.of(TlsEvidence.TLS_SERVER_END_POINT, Octets.EMPTY));
    }

    /** An address that is not this machine's (RFC 5737). */
    private static InetAddress elsewhere() {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }
}
