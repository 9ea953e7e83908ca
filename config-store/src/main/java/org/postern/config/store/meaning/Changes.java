// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.config.store.meaning.Written.Entry;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;

/**
 * What a new configuration changed, for logs and operators. Secrets are compared and never shown.
 *
 * @param all the changes, in the order of the scopes
 */
public record Changes(List<Change> all) {

    private static final String UNSET = "unset";
    private static final String CANCELLED = "nothing";
    private static final String MASK = "********";

    /** Copies the list. */
    public Changes {
        all = List.copyOf(all);
    }

    /** Whether nothing changed. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    static Changes between(
            Written before, List<BundleStanza> stanzasBefore, Written after, List<BundleStanza> stanzasAfter) {
        List<Change> changes = new ArrayList<>();
        settings(before, after, changes);
        patterns(before, after, changes);
        stanzas(byTitle(stanzasBefore), byTitle(stanzasAfter), changes);
        return new Changes(changes);
    }

    private static void settings(Written before, Written after, List<Change> changes) {
        Set<ScopePath> places = new LinkedHashSet<>(before.places());
        places.addAll(after.places());
        for (ScopePath place : places) {
            Set<String> keys = new TreeSet<>(before.at(place).keySet());
            keys.addAll(after.at(place).keySet());
            for (String key : keys) {
                setting(place, before.at(place, key), after.at(place, key)).ifPresent(changes::add);
            }
        }
    }

    private static Optional<Change> setting(ScopePath place, Optional<Entry<?>> before, Optional<Entry<?>> after) {
        if (value(before).equals(value(after))) {
            return Optional.empty();
        }
        String name = after.or(() -> before).orElseThrow().setting().name();
        return Optional.of(new Change(place.toString(), name, shown(before), shown(after)));
    }

    private static Optional<Optional<?>> value(Optional<Entry<?>> entry) {
        return entry.map(Entry::value).map(Located::value);
    }

    private static String shown(Optional<Entry<?>> entry) {
        if (entry.isEmpty()) {
            return UNSET;
        }
        Optional<?> value = entry.get().value().value();
        if (value.isEmpty()) {
            return CANCELLED;
        }
        return entry.get().setting().type().isSecret() ? MASK : shown(value.get());
    }

    private static String shown(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case Duration duration -> duration.toSeconds() + " s";
            default -> String.valueOf(value);
        };
    }

    /** A value cannot end the line of a log or forge the next one. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append(Character.isISOControl(c) ? '?' : (char) c));
        return quoted.append('"').toString();
    }

    private static void patterns(Written before, Written after, List<Change> changes) {
        Map<ScopePath, List<String>> old = before.patternTexts();
        Map<ScopePath, List<String>> now = after.patternTexts();
        Set<ScopePath> places = new LinkedHashSet<>(old.keySet());
        places.addAll(now.keySet());
        for (ScopePath place : places) {
            List<String> was = old.getOrDefault(place, List.of());
            List<String> is = now.getOrDefault(place, List.of());
            if (!was.equals(is)) {
                changes.add(new Change(place.toString(), "patterns in order", was.toString(), is.toString()));
            }
        }
    }

    private static Map<String, Map<String, Object>> byTitle(List<BundleStanza> stanzas) {
        Map<String, Map<String, Object>> byTitle = new LinkedHashMap<>();
        stanzas.forEach(stanza -> byTitle.put(stanza.title(), stanza.comparable()));
        return byTitle;
    }

    private static void stanzas(
            Map<String, Map<String, Object>> before, Map<String, Map<String, Object>> after, List<Change> changes) {
        Set<String> titles = new LinkedHashSet<>(before.keySet());
        titles.addAll(after.keySet());
        for (String title : titles) {
            if (before.containsKey(title) != after.containsKey(title)) {
                changes.add(new Change(title, "stanza", present(before, title), present(after, title)));
            }
            options(title, before.getOrDefault(title, Map.of()), after.getOrDefault(title, Map.of()), changes);
        }
    }

    private static String present(Map<String, ?> stanzas, String title) {
        return stanzas.containsKey(title) ? "present" : "absent";
    }

    private static void options(
            String title, Map<String, Object> before, Map<String, Object> after, List<Change> changes) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            Object was = before.get(key);
            Object is = after.get(key);
            if (!java.util.Objects.equals(was, is)) {
                changes.add(new Change(title, key, was == null ? UNSET : shown(was), is == null ? UNSET : shown(is)));
            }
        }
    }
}
