// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.config.store.meaning.KeyUse;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.policy.OutboundAuthSettings;

/** Whether the credentials that a configuration names are to be had. */
final class KeyCheck {

    private final CredentialStores stores;
    private final Duration deadline;

    /**
     * A key that stores were asked for.
     *
     * @param use where it is first written
     * @param answer what the stores say
     */
    record Resolved(KeyUse use, CredentialAnswer answer) {}

    KeyCheck(CredentialStores stores, Duration deadline) {
        this.stores = stores;
        this.deadline = deadline;
    }

    /** Asks nobody: is there a store at all? */
    void warnWithoutStores(Loaded loaded, Problems problems) {
        List<KeyUse> uses = loaded.keyUses();
        if (!uses.isEmpty() && !stores.anyWith(loaded)) {
            int others = uses.size() - 1;
            String more = others == 0 ? "" : "; and so at " + others + " more " + (others == 1 ? "place" : "places");
            problems.add(
                    Problem.warning(
                                    uses.getFirst().origin(),
                                    uses.getFirst().option().name()
                                            + " names a credential, and no credential store is configured: mail would be held"
                                            + more)
                            .hint(
                                    "add the stanza of a store, such as the local vault; stores in the bundles folder are not seen here"));
        }
    }

    /** Asks the stores, and notes what would hold mail. */
    List<Resolved> resolve(Loaded loaded, Problems problems) throws InterruptedException {
        return stores.use(present -> {
            CredentialInquiry inquiry = new CredentialInquiry(present, deadline);
            Map<CredentialInquiry.Asked, List<KeyUse>> uses = new LinkedHashMap<>();
            loaded.keyUses()
                    .forEach(use -> uses.computeIfAbsent(
                                    inquiry.asked(use.stores(), use.ref()), asked -> new ArrayList<>())
                            .add(use));
            List<Resolved> resolved = new ArrayList<>();
            inquiry.ask(uses.keySet()).forEach((asked, answer) -> {
                note(uses.get(asked), answer, problems);
                resolved.add(new Resolved(uses.get(asked).getFirst(), answer));
            });
            return resolved;
        });
    }

    private static void note(List<KeyUse> uses, CredentialAnswer answer, Problems problems) {
        KeyUse first = uses.getFirst();
        switch (answer) {
            case CredentialAnswer.Found found -> uses.forEach(use -> compareUsers(use, found, problems));
            case CredentialAnswer.Missing missing ->
                problems.add(Problem.error(first.origin(), "no credential " + named(first) + ": " + missing.reason()));
            case CredentialAnswer.Unavailable unavailable ->
                problems.add(Problem.error(
                        first.origin(), "no answer about credential " + named(first) + ": " + unavailable.reason()));
        }
    }

    private static void compareUsers(KeyUse use, CredentialAnswer.Found found, Problems problems) {
        String credential = "credential " + named(use) + " of store " + found.store();
        String user = OutboundAuthSettings.USER.name();
        use.user()
                .filter(written -> !found.user()
                        .equals(CredentialInquiry.oneLine(written.value().orElse(""))))
                .filter(written -> !found.user().isEmpty())
                .ifPresent(written -> problems.add(Problem.warning(
                                use.origin(),
                                credential + " is of another user than " + user + " at " + written.origin() + " says")
                        .hint("the latter is used, with the secret of the former")));
        if (use.lacksUser() && found.user().isEmpty()) {
            problems.add(Problem.error(use.origin(), credential + " names no user, and " + user + " is not set"));
        }
    }

    static String named(KeyUse use) {
        return "'" + CredentialInquiry.oneLine(use.name()) + "'";
    }
}
