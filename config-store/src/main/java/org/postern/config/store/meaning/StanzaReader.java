// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Instance;
import org.postern.config.store.language.Item.Stanza;
import org.postern.config.store.language.Item.Word;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.StanzaType;

/** Reads the stanzas that configure bundles. */
final class StanzaReader {

    private final Vocabulary vocabulary;
    private final Problems problems;
    private final Misspelling misspelling;
    private final Map<Key, StanzaContent> contents = new LinkedHashMap<>();
    private final Map<String, Instance> onlyNames = new HashMap<>();
    private final Map<String, Chosen> roles = new HashMap<>();

    private record Chosen(StanzaType type, Origin where) {}

    private record Key(StanzaType type, Optional<String> instance) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && type.key().equals(that.type.key()) && instance.equals(that.instance);
        }

        @Override
        public int hashCode() {
            return type.key().hashCode() + 31 * instance.hashCode();
        }
    }

    StanzaReader(Vocabulary vocabulary, Problems problems, Misspelling misspelling) {
        this.vocabulary = vocabulary;
        this.problems = problems;
        this.misspelling = misspelling;
    }

    void read(Stanza stanza, StanzaType type) {
        if (!fillsItsRole(stanza.word(), type)) {
            return;
        }
        instance(stanza, type).ifPresent(name -> {
            Key key = new Key(type, type.named() ? Optional.of(name) : Optional.empty());
            read(stanza, type, contents.computeIfAbsent(key, ignored -> new StanzaContent(type)));
        });
    }

    private boolean fillsItsRole(Word word, StanzaType type) {
        Optional<Chosen> first =
                type.role().map(role -> roles.computeIfAbsent(role, none -> new Chosen(type, word.origin())));
        if (first.isEmpty() || first.get().type().key().equals(type.key())) {
            return true;
        }
        problems.add(Problem.error(
                        word.origin(),
                        type.name() + " cannot stand beside "
                                + first.get().type().name() + ", which is at "
                                + first.get().where())
                .hint("both choose the " + type.role().orElseThrow() + "; keep one of them"));
        return false;
    }

    /** The instance name, empty where the type has none; nothing if it is wrong. */
    private Optional<String> instance(Stanza stanza, StanzaType type) {
        Optional<Instance> instance = stanza.instance();
        if (type.named() && instance.filter(name -> !name.text().isEmpty()).isEmpty()) {
            problems.add(Problem.error(stanza.word().origin(), type.name() + " needs a name before \"{\""));
            return Optional.empty();
        }
        if (!type.named() && instance.isPresent()) {
            problems.add(Problem.error(instance.get().origin(), type.name() + " takes no name before \"{\""));
            return Optional.empty();
        }
        if (type.named() && type.decides() && !isTheOnlyName(instance.orElseThrow(), type)) {
            return Optional.empty();
        }
        return Optional.of(instance.map(Instance::text).orElse(""));
    }

    private boolean isTheOnlyName(Instance instance, StanzaType type) {
        Instance first = onlyNames.computeIfAbsent(type.key(), key -> instance);
        if (!first.text().equals(instance.text())) {
            problems.add(Problem.error(
                            instance.origin(),
                            "all stanzas of " + type.name() + " have one name, and the first of them, at "
                                    + first.origin() + ", has another")
                    .hint("what stands in stanzas of one name is added up, in the order of the file"));
            return false;
        }
        return true;
    }

    private void read(Stanza stanza, StanzaType type, StanzaContent content) {
        for (var item : stanza.items()) {
            switch (item) {
                case Assignment option -> option(option, type, content);
                case Stanza inner -> inner(inner, type, content);
            }
        }
    }

    private void option(Assignment option, StanzaType type, StanzaContent content) {
        String key = option.word().text().toLowerCase(Locale.ROOT);
        Optional<Setting<?>> setting =
                settings(type).filter(known -> known.key().equals(key)).findFirst();
        if (setting.isEmpty()) {
            misspelling.option(
                    option.word(), settings(type).<String>map(Setting::name).toList());
        } else if (setting.get().type().isSecret() && type.pid().isEmpty()) {
            problems.add(Problem.error(
                            option.word().origin(),
                            setting.get().name() + " is a secret, and secrets cannot stand in " + type.name())
                    .hint("what an inner stanza says is stored in clear outside this file"));
        } else {
            put(option, setting.get(), content);
        }
    }

    private static Stream<Setting<?>> settings(StanzaType type) {
        return Stream.<Setting<?>>concat(type.settings().stream(), type.inherited().stream());
    }

    private void put(Assignment option, Setting<?> setting, StanzaContent content) {
        try {
            if (setting.type().isSecret()) {
                content.putSecret(setting, option.value(), option.word().origin());
            } else {
                content.put(setting, setting.read(option.value()));
            }
        } catch (InvalidValueException invalid) {
            problems.add(Problem.error(option.valueOrigin(), setting.name() + " " + invalid.getMessage()));
        }
    }

    private void inner(Stanza stanza, StanzaType outer, StanzaContent content) {
        Word word = stanza.word();
        Optional<StanzaType> type = outer.inner().stream()
                .filter(known -> known.key().equals(word.text().toLowerCase(Locale.ROOT)))
                .findFirst();
        if (type.isEmpty()) {
            Collection<String> known =
                    outer.inner().stream().map(StanzaType::name).toList();
            misspelling.stanza(word, known);
            return;
        }
        instance(stanza, type.get()).ifPresent(name -> inner(stanza, type.get(), name, content));
    }

    private void inner(Stanza stanza, StanzaType type, String name, StanzaContent content) {
        if (content.twinOf(type, name).isPresent()) {
            problems.add(Problem.error(
                    stanza.word().origin(), "another " + type.name() + " differs from this one in letter case only"));
            return;
        }
        read(stanza, type, content.inner(type, name));
    }

    /** What each bundle is told, once all scopes were read. */
    List<BundleStanza> toBundles(Written written) {
        Map<String, Object> globals = new LinkedHashMap<>();
        written.at(ScopePath.GLOBAL)
                .forEach((key, entry) -> entry.value().value().ifPresent(value -> {
                    if (!entry.setting().type().isSecret()) {
                        globals.put(key, StanzaContent.flat(value));
                    }
                }));
        addAbsent();
        List<BundleStanza> stanzas = new ArrayList<>();
        contents.forEach((key, content) -> key.type()
                .pid()
                .ifPresent(pid -> stanzas.add(new BundleStanza(
                        key.type().name(), pid, key.instance(), content.flatten(globals), content.secretValues()))));
        return List.copyOf(stanzas);
    }

    /** Puts the secrets of stanzas into the snapshot. */
    void secretsInto(SettingsSnapshot.Builder snapshot) {
        contents.forEach(
                (key, content) -> content.secretsInto(snapshot, key.instance().orElse("")));
    }

    private void addAbsent() {
        vocabulary
                .alwaysThere()
                .filter(type -> type.role().filter(roles::containsKey).isEmpty())
                .forEach(type ->
                        contents.computeIfAbsent(new Key(type, Optional.empty()), ignored -> new StanzaContent(type)));
    }
}
