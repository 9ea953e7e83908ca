// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.config.store.migrate.Inventory.Account;
import org.postern.config.store.migrate.Inventory.Line;
import org.postern.config.store.migrate.Inventory.Scope;
import org.postern.config.store.migrate.Inventory.Site;
import org.postern.spi.settings.ScopePath;

/**
 * Decides which passwords can leave the files without any message noticing.
 *
 * <p>A password and a key are looked up each by itself through the scopes, and a password wins over a key wherever it
 * stands. So a password may go only if, for every message that it could hold for, the key that takes its place is found
 * instead of it, a hook sees the key that it saw before, and there is a user as before. A password of which this is not
 * sure stays, and so does each whose key it would then hide.
 */
final class PasswordPlan {

    private final Inventory inventory;
    private final Set<String> stores;
    private final List<Scope> withPassword;
    private final List<Scope> withKey;
    private final List<Scope> withKeyOnly;
    private final List<Scope> withoutUser;
    private final Map<String, List<Scope>> byKey;
    private final Map<Site, List<Scope>> bySite = new LinkedHashMap<>();
    private final Map<ScopePath, String> objections = new LinkedHashMap<>();
    private final List<Scope> staying = new java.util.ArrayList<>();

    private final List<Function<Scope, Optional<String>>> rules = List.of(
            this::reference,
            this::characters,
            this::user,
            this::ownKey,
            this::otherKeys,
            this::whatStays,
            this::includedElsewhere);

    private PasswordPlan(Inventory inventory, Set<String> stores) {
        this.inventory = inventory;
        this.stores = stores;
        List<Scope> all = inventory.scopes();
        this.withPassword =
                all.stream().filter(scope -> scope.last(PASS).isPresent()).toList();
        this.withKey = all.stream().filter(scope -> scope.last(KEY).isPresent()).toList();
        this.withKeyOnly =
                withKey.stream().filter(scope -> scope.last(PASS).isEmpty()).toList();
        this.withoutUser = all.stream()
                .filter(scope -> scope.last(USER).filter(Line::cancels).isPresent())
                .toList();
        this.byKey = withKey.stream()
                .collect(Collectors.groupingBy(
                        scope -> scope.last(KEY).orElseThrow().text()));
        withPassword.forEach(scope -> scope.all(PASS)
                .forEach(line -> bySite.computeIfAbsent(line.site(), ignored -> new java.util.ArrayList<>())
                        .add(scope)));
    }

    /**
     * The decision for these files.
     *
     * @param stores names that make a value a reference to a credential store
     */
    static PasswordPlan of(Inventory inventory, Set<String> stores) {
        PasswordPlan plan = new PasswordPlan(inventory, stores);
        plan.decide();
        return plan;
    }

    /** The scopes whose lines are written anew, those that take a password back among them. */
    List<Scope> going() {
        return withPassword.stream().filter(this::goes).toList();
    }

    /** The scopes whose passwords stay, and why. */
    Map<Scope, String> staying() {
        Map<Scope, String> reasons = new LinkedHashMap<>();
        staying.stream()
                .filter(scope -> scope.value(PASS).isPresent())
                .forEach(scope -> reasons.put(scope, objections.get(scope.place())));
        return reasons;
    }

    // Each password that stays may force others to stay: the number of those that go only falls.
    private void decide() {
        boolean settled = false;
        while (!settled) {
            settled = true;
            for (Scope scope : going()) {
                Optional<String> objection = rules.stream()
                        .flatMap(rule -> rule.apply(scope).stream())
                        .findFirst();
                if (objection.isPresent()) {
                    objections.put(scope.place(), objection.get());
                    staying.add(scope);
                    settled = false;
                }
            }
        }
    }

    private boolean goes(Scope scope) {
        return !objections.containsKey(scope.place())
                && (isPassword(scope) || scope.last(KEY).isEmpty());
    }

    private static boolean isPassword(Scope scope) {
        return scope.value(PASS).isPresent();
    }

    /** Which of the two it is, only its author knows. */
    private Optional<String> reference(Scope scope) {
        if (!isPassword(scope)) {
            return Optional.empty();
        }
        return Stream.of(scope.value(PASS), inventory.inForce(scope.place(), USER))
                .flatMap(Optional::stream)
                .filter(line -> Survey.readsOtherwise(line, stores))
                .findFirst()
                .map(line -> line.option().word().text() + " at "
                        + line.option().word().origin() + " reads as a reference to a credential store");
    }

    private Optional<String> characters(Scope scope) {
        return scope.value(PASS)
                .filter(line -> line.text().chars().anyMatch(PasswordPlan::cannotBeKept))
                .map(line -> "it has a control character in it, which a vault cannot keep");
    }

    /** XML 1.0, section 2.2; a carriage return would come back as a line feed. */
    private static boolean cannotBeKept(int c) {
        return c < ' ' && c != '\t' && c != '\n' || c >= 0x7F && c < 0xA0 || c == 0xFFFE || c == 0xFFFF;
    }

    private Optional<String> user(Scope scope) {
        if (!isPassword(scope)) {
            return Optional.empty();
        }
        if (inventory.inForce(scope.place(), USER).isEmpty()) {
            return Optional.of("no " + USER.name() + " stands in the same scope or around it");
        }
        return first(withoutUser, other -> mayTakeUserOf(scope, other))
                .map(other -> USER.name() + " is taken back at " + at(other.last(USER)) + ", and the password is not");
    }

    /** Whether a message may have the password of the one scope and no user because of the other one. */
    private static boolean mayTakeUserOf(Scope scope, Scope other) {
        boolean ownUser = scope.value(USER).isPresent();
        if (other.last(PASS).isPresent()) {
            // It takes the password too, unless the scope is asked before it; then an own user is found there as well.
            return !ownUser && Places.mayPrecede(scope.place(), other.place());
        }
        return ownUser ? Places.mayPrecede(other.place(), scope.place()) : Places.meet(other.place(), scope.place());
    }

    private Optional<String> ownKey(Scope scope) {
        Optional<Line> key = scope.last(KEY);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        if (key.get().cancels()) {
            return Optional.of(KEY.name() + " is taken back beside it, at " + at(key));
        }
        Optional<Account> account = inventory.account(scope);
        return first(
                        byKey.get(key.get().text()),
                        other -> other != scope
                                && (!goes(other) || !inventory.account(other).equals(account)))
                .map(other -> "its key also stands at " + at(other.last(KEY)) + ", with another account or none");
    }

    private Optional<String> otherKeys(Scope scope) {
        Optional<Scope> hidden = scope.last(KEY).isPresent()
                ? Optional.empty()
                : first(withKey, other -> Places.mayPrecede(scope.place(), other.place()));
        return hidden.or(() -> first(withKeyOnly, other -> Places.mayPrecede(other.place(), scope.place())))
                .map(other -> "messages that it holds for may have the key of " + at(other.last(KEY)));
    }

    private Optional<String> whatStays(Scope scope) {
        return first(
                        staying,
                        other -> isPassword(other)
                                ? isPassword(scope) && Places.mayPrecede(scope.place(), other.place())
                                : Places.mayPrecede(other.place(), scope.place()))
                .map(other -> "what stands at " + at(other.last(PASS)) + " stays, and would take its place");
    }

    private Optional<String> includedElsewhere(Scope scope) {
        return scope.all(PASS).stream()
                .flatMap(line -> bySite.get(line.site()).stream())
                .filter(other -> other != scope && disagree(scope, other))
                .findFirst()
                .map(other -> "the same line also holds for " + other.place() + ", where it means another account or"
                        + " has to stay");
    }

    private boolean disagree(Scope scope, Scope other) {
        return !goes(other)
                || scope.last(KEY).isPresent() != other.last(KEY).isPresent()
                || !inventory.account(scope).equals(inventory.account(other));
    }

    private static Optional<Scope> first(Collection<Scope> scopes, java.util.function.Predicate<Scope> rule) {
        return scopes.stream().filter(rule).findFirst();
    }

    private static String at(Optional<Line> line) {
        return line.map(found -> found.option().word().origin().toString()).orElse("");
    }
}
