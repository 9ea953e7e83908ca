// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.TYPE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.core.auth.MechanismChoice.Rejected;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.policy.ResolvedAuth;

/**
 * The mechanisms that one message may use with one peer, and what became of the others.
 *
 * @param offered in upper case
 * @param installed one per name, strongest first
 * @param canBind whether a mechanism finds in this session's TLS what it needs
 */
record Selection(
        ResolvedAuth auth,
        Credential credential,
        Channel channel,
        DisclosureGuard guard,
        Set<String> offered,
        List<InstalledMechanism> installed,
        Predicate<InstalledMechanism> canBind) {

    MechanismChoice choice() {
        List<InstalledMechanism> usable = installed.stream()
                .filter(candidate -> rejection(candidate).isEmpty())
                .sorted(Comparator.comparingInt(candidate -> preference(candidate.name())))
                .toList();
        return usable.isEmpty()
                ? new MechanismChoice.NoneUsable(fourColumns())
                : new MechanismChoice.Usable(usable, order(), rejected());
    }

    /** What is usable shows the secret: whether that is less than what has worked here before, and than what is wanted. */
    Optional<MechanismChoice> fallsShort(MechanismChoice.Usable usable, ProvenMechanism known) {
        Optional<InstalledMechanism> here = installed.stream()
                .filter(one -> one.name().equals(known.mechanism()))
                .findFirst();
        boolean unfed = here.flatMap(this::unfedBecause).isPresent();
        if (unfed || !wouldRatherHave(known.mechanism(), usable.best())) {
            return Optional.empty();
        }
        boolean ours = here.isEmpty() && offered.contains(known.mechanism());
        return Optional.of(new MechanismChoice.Weaker(usable, known, !ours, weakerBecause(usable, known)));
    }

    private static String weakerBecause(MechanismChoice.Usable usable, ProvenMechanism known) {
        return known.endpoint() + " took " + known.mechanism() + " for '" + Words.oneLine(known.user()) + "' since "
                + known.since() + ", and now leaves only what shows the secret: "
                + usable.mechanisms().stream().map(InstalledMechanism::name).collect(Collectors.joining(", "))
                + "; if that is right, 'postern downgrades accept " + known.endpoint() + "' agrees to it";
    }

    private boolean wouldRatherHave(String wanted, InstalledMechanism than) {
        boolean preferred = auth.mechanisms().isEmpty()
                || auth.mechanisms().contains(wanted) && preference(wanted) < preference(than.name());
        return preferred
                && demandedMechanism().filter(name -> !name.equals(wanted)).isEmpty();
    }

    // ---- why

    private String order() {
        return auth.mechanisms().isEmpty()
                ? "the strongest, as " + TYPE.name() + " is not set"
                : "the first of " + Words.written(TYPE, auth.mechanismsOrigin());
    }

    private List<Rejected> rejected() {
        Stream<Rejected> here = installed.stream()
                .flatMap(candidate ->
                        rejection(candidate).map(reason -> new Rejected(candidate.name(), reason)).stream());
        Stream<Rejected> notHere = notInstalled(offered).map(name -> new Rejected(name, "not installed here"));
        return Stream.concat(here, notHere).toList();
    }

    private Optional<String> rejection(InstalledMechanism candidate) {
        if (!offered.contains(candidate.name())) {
            return Optional.of("not offered by the peer");
        }
        return removedBecause(candidate).or(() -> unfedBecause(candidate));
    }

    private String fourColumns() {
        List<Rejected> removed = new ArrayList<>();
        List<Rejected> unfed = new ArrayList<>();
        for (InstalledMechanism candidate : installed) {
            if (offered.contains(candidate.name())) {
                removedBecause(candidate).ifPresent(reason -> removed.add(new Rejected(candidate.name(), reason)));
                unfedBecause(candidate).ifPresent(reason -> unfed.add(new Rejected(candidate.name(), reason)));
            }
        }
        return "no usable mechanism: offered by the peer: " + listed(new TreeSet<>(offered)) + "; installed here: "
                + listed(installed.stream().map(InstalledMechanism::name).toList()) + "; removed by policy: "
                + listed(removed) + "; cannot be fed by this credential: " + listed(unfed) + awaited();
    }

    /** A scope that names what is not here waits for it: the bundle may be on its way. */
    private String awaited() {
        List<String> missing = notInstalled(auth.mechanisms()).toList();
        return missing.isEmpty()
                ? ""
                : "; waiting for the bundle of " + listed(missing) + ", which "
                        + Words.written(TYPE, auth.mechanismsOrigin()) + " names";
    }

    private Stream<String> notInstalled(Iterable<String> names) {
        Set<String> sorted = new TreeSet<>();
        names.forEach(sorted::add);
        installed.forEach(one -> sorted.remove(one.name()));
        return sorted.stream();
    }

    // ---- what stands against one of them

    /** The configured order where there is one; the sort is stable, so without one the strongest stays first. */
    private int preference(String name) {
        return Math.max(0, auth.mechanisms().indexOf(name));
    }

    private Optional<String> unfedBecause(InstalledMechanism candidate) {
        return candidate.feeds().contains(credential.kind())
                ? Optional.empty()
                : Optional.of("needs " + String.join(" or ", new TreeSet<>(candidate.feeds())) + ", has "
                        + credential.kind());
    }

    private Optional<String> removedBecause(InstalledMechanism candidate) {
        if (!auth.mechanisms().isEmpty() && !auth.mechanisms().contains(candidate.name())) {
            return Optional.of(Words.written(TYPE, auth.mechanismsOrigin()) + " allows only "
                    + String.join(" ", auth.mechanisms()));
        }
        Optional<String> demanded = demandedMechanism();
        if (demanded.isPresent() && !demanded.get().equals(candidate.name())) {
            return Optional.of("the credential asks for " + demanded.get());
        }
        if (!canBind.test(candidate)) {
            return Optional.of("this session has no channel binding that it could use");
        }
        return switch (guard.consider(candidate, credential, auth, channel)) {
            case DisclosureGuard.Verdict.Permit permit -> Optional.empty();
            case DisclosureGuard.Verdict.Refusal refusal -> Optional.of(refusal.reason());
        };
    }

    private Optional<String> demandedMechanism() {
        return switch (credential) {
            case PasswordCredential password -> password.mechanism();
            case BearerToken token -> Optional.empty();
            case IdentityOnly nobody -> Optional.empty();
        };
    }

    private static String listed(Iterable<?> items) {
        List<String> words = new ArrayList<>();
        items.forEach(item -> words.add(item.toString()));
        return words.isEmpty() ? "none" : String.join(", ", words);
    }
}
