// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.policy.lua.msys.Configuration;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsPrecedence;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.SettingsVocabulary;

/** The configuration in force, for {@code msys.config}. Without a store nothing is set anywhere. */
@Component(service = ConfigurationOfScopes.class)
public final class ConfigurationOfScopes implements Configuration {

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile SettingsStore store;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile SettingsPrecedence precedence;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<SettingsVocabulary> vocabularies = List.of();

    /** Made by Declarative Services. */
    public ConfigurationOfScopes() {}

    ConfigurationOfScopes(SettingsStore store, SettingsPrecedence precedence, List<SettingsVocabulary> vocabularies) {
        this.store = store;
        this.precedence = precedence;
        this.vocabularies = vocabularies;
    }

    @Override
    public Optional<Answer> written(ScopePath place, String option) {
        return setting(option).flatMap(setting -> snapshot().flatMap(snapshot -> written(snapshot, place, setting)));
    }

    private static <T> Optional<Answer> written(SettingsSnapshot snapshot, ScopePath place, Setting<T> setting) {
        return snapshot.at(declared(snapshot, place), setting)
                .flatMap(Located::value)
                .map(ConfigurationOfScopes::answer);
    }

    // Names of bindings are unique, so that scripts leave out the group.
    private static ScopePath declared(SettingsSnapshot snapshot, ScopePath place) {
        return place.group().isPresent()
                ? place
                : new ScopePath(place.binding().flatMap(snapshot::groupOf), place.binding(), place.domain());
    }

    @Override
    public Optional<Answer> effective(ScopePath place, String option) {
        SettingsPrecedence rules = precedence;
        return rules == null
                ? written(place, option)
                : setting(option)
                        .flatMap(setting -> snapshot().flatMap(snapshot -> effective(rules, snapshot, place, setting)));
    }

    private static <T> Optional<Answer> effective(
            SettingsPrecedence rules, SettingsSnapshot snapshot, ScopePath place, Setting<T> setting) {
        return rules.effective(snapshot, place, setting).map(ConfigurationOfScopes::answer);
    }

    private Optional<SettingsSnapshot> snapshot() {
        return Optional.ofNullable(store).map(SettingsStore::current);
    }

    private Optional<Setting<?>> setting(String option) {
        return vocabularies.stream()
                .flatMap(vocabulary -> vocabulary.settings().stream())
                .<Setting<?>>map(setting -> setting)
                .filter(setting -> setting.key().equals(option))
                .findFirst();
    }

    private static Answer answer(Object value) {
        return value instanceof Secret secret
                ? new Answer.Hidden(secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8)))
                : new Answer.Plain(text(value));
    }

    private static String text(Object value) {
        return switch (value) {
            case Duration time -> Long.toString(time.toSeconds());
            case List<?> words -> words.stream().map(String::valueOf).collect(Collectors.joining(" "));
            default -> value.toString();
        };
    }
}
