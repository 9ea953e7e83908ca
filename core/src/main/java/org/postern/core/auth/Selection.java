// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.TYPE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.policy.ResolvedAuth;

/** The mechanisms that one message may use with one peer, and what became of the others. */
record Selection(ResolvedAuth auth, Credential credential, Channel channel, DisclosureGuard guard) {

    List<InstalledMechanism> usable(Set<String> offered, List<InstalledMechanism> installed) {
        return installed.stream()
                .filter(candidate -> offered.contains(candidate.name()))
                .filter(candidate ->
                        canBeFed(candidate) && removedBecause(candidate).isEmpty())
                .sorted(Comparator.comparingInt(this::preference))
                .toList();
    }

    String explain(Set<String> offered, List<InstalledMechanism> installed) {
        List<String> removed = new ArrayList<>();
        List<String> unfed = new ArrayList<>();
        for (InstalledMechanism candidate : installed) {
            if (offered.contains(candidate.name())) {
                removedBecause(candidate).ifPresent(reason -> removed.add(candidate.name() + " (" + reason + ")"));
                if (!canBeFed(candidate)) {
                    unfed.add(candidate.name() + " (needs " + sorted(candidate.feeds()) + ", has " + credential.kind()
                            + ")");
                }
            }
        }
        List<String> here = installed.stream().map(InstalledMechanism::name).toList();
        return "no usable mechanism: offered by the peer: " + listed(new TreeSet<>(offered)) + "; installed here: "
                + listed(here) + "; removed by policy: " + listed(removed)
                + "; cannot be fed by this credential: " + listed(unfed);
    }

    /** The configured order where there is one; the sort is stable, so without one the strongest stays first. */
    private int preference(InstalledMechanism candidate) {
        return Math.max(0, auth.mechanisms().indexOf(candidate.name()));
    }

    private boolean canBeFed(InstalledMechanism candidate) {
        return candidate.feeds().contains(credential.kind());
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

    private static String sorted(Set<String> kinds) {
        return String.join(" or ", new TreeSet<>(kinds));
    }

    private static String listed(Iterable<String> items) {
        String list = String.join(", ", items);
        return list.isEmpty() ? "none" : list;
    }
}
