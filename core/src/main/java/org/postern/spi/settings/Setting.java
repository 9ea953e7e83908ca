// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One option: its name, type, default and the places it may be written in. Names are compared without regard to case.
 *
 * @param <T> the type of values
 */
public final class Setting<T> {

    private final String name;
    private final String key;
    private final SettingType<T> type;
    private final Optional<T> defaultValue;
    private final Set<ScopeKind> scopes;
    private final boolean cancellable;
    private final String summary;
    private final int hash;

    private Setting(
            String name,
            SettingType<T> type,
            Optional<T> defaultValue,
            Set<ScopeKind> scopes,
            boolean cancellable,
            String summary) {
        this.name = name;
        // Both are kept, because every question about an option asks for them.
        this.key = name.toLowerCase(Locale.ROOT);
        this.hash = key.hashCode();
        this.type = type;
        this.defaultValue = defaultValue;
        this.scopes = Set.copyOf(scopes);
        this.cancellable = cancellable;
        this.summary = summary;
    }

    /** A setting of every scope with a default. */
    public static <T> Setting<T> of(String name, SettingType<T> type, T defaultValue, String summary) {
        return new Setting<>(
                name,
                type,
                Optional.of(defaultValue),
                EnumSet.allOf(ScopeKind.class),
                false,
                Objects.requireNonNull(summary, "summary"));
    }

    /** A setting of every scope without a default. */
    public static <T> Setting<T> of(String name, SettingType<T> type, String summary) {
        return new Setting<>(
                name,
                type,
                Optional.empty(),
                EnumSet.allOf(ScopeKind.class),
                false,
                Objects.requireNonNull(summary, "summary"));
    }

    /** The same setting, allowed in these places only. */
    public Setting<T> in(ScopeKind first, ScopeKind... rest) {
        return new Setting<>(name, type, defaultValue, EnumSet.of(first, rest), cancellable, summary);
    }

    /** The same setting, where an empty string or {@code false} means "nothing, and look no further". */
    public Setting<T> cancellable() {
        return new Setting<>(name, type, defaultValue, scopes, true, summary);
    }

    /** The name as documented, such as {@code Outbound_SMTP_AUTH_User}. */
    public String name() {
        return name;
    }

    /** The name in lower case: what two settings are compared by. */
    public String key() {
        return key;
    }

    /** How values are read. */
    public SettingType<T> type() {
        return type;
    }

    /** What holds where nothing is written. */
    public Optional<T> defaultValue() {
        return defaultValue;
    }

    /** Where the setting may be written. */
    public Set<ScopeKind> scopes() {
        return scopes;
    }

    /** One sentence for people, with the unit where there is one. */
    public String summary() {
        return summary;
    }

    /**
     * Gives a raw value its type.
     *
     * @return the value, or nothing where the value cancels what broader scopes say
     * @throws InvalidValueException if the value has another form
     */
    public Optional<T> read(RawValue raw) throws InvalidValueException {
        if (cancellable && raw instanceof RawValue.Scalar scalar && cancels(scalar.text())) {
            return Optional.empty();
        }
        return Optional.of(type.read(raw));
    }

    private static boolean cancels(String text) {
        return text.isEmpty() || text.equalsIgnoreCase("false");
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Setting<?> that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name;
    }
}
