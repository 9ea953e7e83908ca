// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.config.store.migrate.Inventory.Account;
import org.postern.config.store.migrate.Inventory.Line;
import org.postern.config.store.migrate.Inventory.Scope;
import org.postern.config.store.migrate.Inventory.Site;

/**
 * What is written in the place of passwords, and what the vault holds instead. A key that stands beside a password keeps its
 * name; others are called after the user. Scopes with the same account share a key.
 */
final class Rewriting {

    private static final int LONGEST_NAME = 60;
    private static final String CANCELLED = PASS.name() + " = \"\"";
    private static final String GONE = "/* " + PASS.name() + " is in the vault */";

    private final Inventory inventory;
    private final Map<Site, String> replacements = new LinkedHashMap<>();
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<Account, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    private Rewriting(Inventory inventory) {
        this.inventory = inventory;
        inventory.scopes().forEach(scope -> scope.all(KEY).forEach(line -> taken.add(line.text())));
    }

    static Rewriting of(Inventory inventory, PasswordPlan plan) {
        Rewriting rewriting = new Rewriting(inventory);
        List<Scope> going = plan.going();
        if (going.stream().anyMatch(scope -> scope.value(PASS).isPresent())) {
            going.forEach(rewriting::rewrite);
        }
        return rewriting;
    }

    /** New text by place. */
    Map<Site, String> replacements() {
        return replacements;
    }

    /** Accounts by key. */
    Map<String, Account> accounts() {
        return accounts;
    }

    private void rewrite(Scope scope) {
        Optional<Account> account = inventory.account(scope);
        Optional<String> ownKey = scope.value(KEY).map(Line::text);
        Optional<String> key = account.map(some -> ownKey.orElseGet(() -> name(some)));
        key.ifPresent(name -> accounts.put(name, account.orElseThrow()));
        Line last = scope.last(PASS).orElseThrow();
        for (Line line : scope.all(PASS)) {
            if (!line.cancels()) {
                boolean holds = line == last && ownKey.isEmpty();
                // What holds in one scope may be shadowed in another one that includes the same file.
                replacements.merge(line.site(), holds ? assignment(key.orElseThrow()) : GONE, Rewriting::louder);
            }
        }
        if (last.cancels()) {
            replacements.put(last.site(), CANCELLED + " " + KEY.name() + " = \"\"");
        }
    }

    private static String louder(String one, String other) {
        return one.equals(GONE) ? other : one;
    }

    private static String assignment(String key) {
        return KEY.name() + " = \"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private String name(Account account) {
        return names.computeIfAbsent(account, some -> {
            String letters = some.user().replaceAll("[^A-Za-z0-9.@_-]+", "-");
            String stem = letters.substring(0, Math.min(letters.length(), LONGEST_NAME));
            String name = stem;
            for (int number = 2; !taken.add(name); number++) {
                name = stem + "-" + number;
            }
            return name;
        });
    }
}
