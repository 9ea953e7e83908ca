// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.config.store.language.Item;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Stanza;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;

/**
 * {@code outbound_smtp_auth { }} and its older form. Authentication needs neither; they are accepted so that inherited
 * files load unchanged.
 */
final class ModuleStanzas {

    /** Their names. */
    static final List<String> NAMES = List.of("outbound_smtp_auth", "outbound_smtp_auth_v0");

    private static final Setting<Boolean> ENABLED =
            Setting.of("enabled", SettingType.BOOLEAN, true, "Whether the module acts by itself.");
    private static final Setting<String> DEBUG_LEVEL =
            Setting.of("debug_level", SettingType.TEXT, "ERROR", "How much the module logs.");

    private final Problems problems;
    private final Misspelling misspelling;
    private final Map<String, Origin> seen = new HashMap<>();

    ModuleStanzas(Problems problems, Misspelling misspelling) {
        this.problems = problems;
        this.misspelling = misspelling;
    }

    static boolean isOne(String word) {
        return NAMES.contains(word.toLowerCase(Locale.ROOT));
    }

    void read(Stanza stanza) {
        seen.putIfAbsent(
                stanza.word().text().toLowerCase(Locale.ROOT), stanza.word().origin());
        refuseBoth(stanza);
        stanza.instance()
                .ifPresent(instance ->
                        problems.add(Problem.error(instance.origin(), "this stanza takes no instance name")));
        stanza.items().forEach(this::read);
    }

    private void refuseBoth(Stanza stanza) {
        if (seen.size() == NAMES.size()) {
            Origin first = seen.values().stream()
                    .filter(origin -> !origin.equals(stanza.word().origin()))
                    .findFirst()
                    .orElseThrow();
            problems.add(Problem.error(
                    stanza.word().origin(),
                    String.join(" and ", NAMES) + " exclude one another; the other one is at " + first));
            seen.remove(stanza.word().text().toLowerCase(Locale.ROOT));
        }
    }

    private void read(Item item) {
        switch (item) {
            case Stanza inner -> misspelling.stanza(inner.word(), List.of());
            case Assignment option -> option(option);
        }
    }

    private void option(Assignment option) {
        String key = option.word().text().toLowerCase(Locale.ROOT);
        if (key.equals(ENABLED.key())) {
            check(ENABLED, option);
            problems.add(Problem.warning(option.word().origin(), "enabled has no effect")
                    .hint("authentication applies wherever its options are set"));
        } else if (key.equals(DEBUG_LEVEL.key())) {
            check(DEBUG_LEVEL, option);
        } else {
            misspelling.option(option.word(), List.of(ENABLED.name(), DEBUG_LEVEL.name()));
        }
    }

    private void check(Setting<?> setting, Assignment option) {
        try {
            setting.read(option.value());
        } catch (InvalidValueException invalid) {
            problems.add(Problem.error(option.valueOrigin(), setting.name() + " " + invalid.getMessage()));
        }
    }
}
