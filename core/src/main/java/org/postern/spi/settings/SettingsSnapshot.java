// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Everything that was written in a configuration, at one moment. Immutable; safe to share between threads.
 *
 * <p>It answers what is written at exactly one place. It belongs to the engine, not to the store that filled it, so that
 * a store can be replaced while its last snapshot is still in use.
 */
public final class SettingsSnapshot {

    private final long generation;
    private final Map<ScopePath, Map<String, Located<?>>> values;
    private final Map<ScopePath, List<DomainPattern>> patterns;
    private final Map<StanzaOption, Located<?>> secrets;
    private final Map<String, String> groups;
    private final Map<String, String> deciding;

    private record StanzaOption(String stanza, String instance, String option) {}

    private SettingsSnapshot(Builder builder) {
        this.generation = builder.generation;
        Map<ScopePath, Map<String, Located<?>>> copies = new HashMap<>();
        builder.values.forEach((place, written) -> copies.put(place, Map.copyOf(written)));
        this.values = Map.copyOf(copies);
        Map<ScopePath, List<DomainPattern>> lists = new HashMap<>();
        builder.patterns.forEach((container, found) -> lists.put(container, List.copyOf(found.values())));
        this.patterns = Map.copyOf(lists);
        this.secrets = Map.copyOf(builder.secrets);
        this.deciding = Map.copyOf(builder.deciding);
        Map<String, String> homes = new HashMap<>();
        values.keySet()
                .forEach(place -> place.binding()
                        .ifPresent(binding -> place.group().ifPresent(group -> homes.put(binding, group))));
        this.groups = Map.copyOf(homes);
    }

    /**
     * A pattern {@code Domain} stanza.
     *
     * @param text the pattern with its slashes, as {@link ScopePath#domain()} has it
     * @param pattern to be searched for in the lower-case domain name
     * @param origin where it was first written
     */
    public record DomainPattern(String text, Pattern pattern, Origin origin) {

        /** How a search ends. */
        public enum Search {
            /** The pattern occurs in the name. */
            FOUND,
            /** It does not. */
            ABSENT,
            /** That could not be told within the bound, which keeps one name from holding up all mail. */
            GIVEN_UP
        }

        /** Looks for the pattern in a lower-case name, within a bound of about a millisecond. */
        public Search search(String domain) {
            try {
                return pattern.matcher(new BoundedText(domain, BoundedText.READS))
                                .find()
                        ? Search.FOUND
                        : Search.ABSENT;
            } catch (BoundedText.Exhausted | StackOverflowError endless) {
                return Search.GIVEN_UP;
            }
        }

        /** Whether the pattern was found in the name. */
        public boolean matches(String domain) {
            return search(domain) == Search.FOUND;
        }
    }

    /** A snapshot in which nothing is written. */
    public static SettingsSnapshot empty() {
        return new Builder(0).build();
    }

    /** Starts a snapshot with this number. */
    public static Builder builder(long generation) {
        return new Builder(generation);
    }

    /** Counts up with each configuration that a store has put in force. */
    public long generation() {
        return generation;
    }

    /** What is written for a setting at exactly this place. */
    public <T> Optional<Located<T>> at(ScopePath place, Setting<T> setting) {
        Map<String, Located<?>> written = values.get(place);
        if (written == null) {
            return Optional.empty();
        }
        // The builder read the value with a setting of this name, and names have one type.
        @SuppressWarnings("unchecked")
        Located<T> located = (Located<T>) written.get(setting.key());
        return Optional.ofNullable(located);
    }

    /**
     * What is written for a secret option of a bundle's stanza. It stands here alone and not in what Configuration Admin
     * hands to the bundle.
     *
     * @param instance the instance name; empty for a stanza without one
     */
    public <T> Optional<Located<T>> secretIn(StanzaType stanza, String instance, Setting<T> setting) {
        // The builder read the value with a setting of this name, and names have one type within a stanza.
        @SuppressWarnings("unchecked")
        Located<T> located = (Located<T>) secrets.get(new StanzaOption(stanza.key(), instance, setting.key()));
        return Optional.ofNullable(located);
    }

    /**
     * The stanzas of bundles that {@linkplain StanzaType#decides() have a say} in how mail is authenticated: the
     * {@linkplain StanzaType#DIGEST hash} of each, and its name for people.
     */
    public Map<String, String> deciding() {
        return deciding;
    }

    /** Everything that is written at exactly this place, by {@link Setting#key()}. */
    public Map<String, Located<?>> writtenAt(ScopePath place) {
        return values.getOrDefault(place, Map.of());
    }

    /** Whether anything at all is written at this place. */
    public boolean hasAnyAt(ScopePath place) {
        return values.containsKey(place);
    }

    /** The places that something is written at. */
    public java.util.Set<ScopePath> places() {
        return values.keySet();
    }

    /** The pattern stanzas that stand directly in this container, in the order in which they were first written. */
    public List<DomainPattern> patternsIn(ScopePath container) {
        return patterns.getOrDefault(container, List.of());
    }

    /** The group that a binding is declared in; empty where it is declared outside groups or not at all. */
    public Optional<String> groupOf(String binding) {
        return Optional.ofNullable(groups.get(binding));
    }

    @Override
    public String toString() {
        return "SettingsSnapshot[generation " + generation + ", " + values.size() + " places]";
    }

    /** Collects what is written. Not safe for several threads. */
    public static final class Builder {

        private final long generation;
        private final Map<ScopePath, Map<String, Located<?>>> values = new HashMap<>();
        private final Map<ScopePath, Map<String, DomainPattern>> patterns = new HashMap<>();
        private final Map<StanzaOption, Located<?>> secrets = new HashMap<>();
        private final Map<String, String> deciding = new HashMap<>();

        private Builder(long generation) {
            this.generation = generation;
        }

        /** Notes a stanza without whose bundle no mail moves, by the hash of its content and its name for people. */
        public Builder declareDeciding(String digest, String title) {
            deciding.put(digest, title);
            return this;
        }

        /** Notes that a place was opened, even if nothing is written in it. */
        public Builder declare(ScopePath place) {
            values.computeIfAbsent(place, ignored -> new HashMap<>());
            return this;
        }

        /** Notes a pattern stanza; a repeated one keeps its first position. */
        public Builder declarePattern(ScopePath container, DomainPattern pattern) {
            patterns.computeIfAbsent(container, ignored -> new LinkedHashMap<>())
                    .putIfAbsent(pattern.text(), pattern);
            return declare(container.withDomain(pattern.text()));
        }

        /** Notes a value; the last one at a place wins. */
        public <T> Builder put(ScopePath place, Setting<T> setting, Located<T> value) {
            declare(place);
            values.get(place).put(setting.key(), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Notes a secret option of a bundle's stanza; the last one wins. The instance is empty where there is none. */
        public <T> Builder putSecret(StanzaType stanza, String instance, Setting<T> setting, Located<T> value) {
            secrets.put(
                    new StanzaOption(stanza.key(), instance, setting.key()), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** The snapshot. */
        public SettingsSnapshot build() {
            return new SettingsSnapshot(this);
        }
    }
}
