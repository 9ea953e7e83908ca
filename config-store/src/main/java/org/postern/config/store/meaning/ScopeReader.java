// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.config.store.language.Item;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Instance;
import org.postern.config.store.language.Item.Stanza;
import org.postern.config.store.language.Item.Word;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.StanzaType;

/** Reads options into the places they stand in, and hands the stanzas that open no scope to others. */
final class ScopeReader {

    private final Vocabulary vocabulary;
    private final Problems problems;
    private final Written written;
    private final Misspelling misspelling;
    private final DomainName domains;
    private final ModuleStanzas modules;
    private final StanzaReader stanzas;
    private final Map<String, ScopePath> groupedBindings = new HashMap<>();

    ScopeReader(
            Vocabulary vocabulary, Problems problems, Written written, Misspelling misspelling, StanzaReader stanzas) {
        this.vocabulary = vocabulary;
        this.problems = problems;
        this.written = written;
        this.misspelling = misspelling;
        this.domains = new DomainName(problems, written);
        this.modules = new ModuleStanzas(problems, misspelling);
        this.stanzas = stanzas;
    }

    void read(List<Item> items, ScopePath place) {
        for (Item item : items) {
            switch (item) {
                case Assignment option -> option(option, place);
                case Stanza stanza -> stanza(stanza, place);
            }
        }
    }

    private void option(Assignment option, ScopePath place) {
        Optional<Setting<?>> setting = vocabulary.setting(option.word().text());
        if (setting.isEmpty()) {
            misspelling.option(option.word(), vocabulary.settingNames());
        } else if (!setting.get().scopes().contains(place.kind())) {
            problems.add(Problem.error(
                    option.word().origin(),
                    setting.get().name() + " cannot stand here; its places: "
                            + ScopeWord.inWords(setting.get().scopes())));
        } else {
            put(option, setting.get(), place);
        }
    }

    private void put(Assignment option, Setting<?> setting, ScopePath place) {
        try {
            written.put(place, setting, option);
        } catch (InvalidValueException invalid) {
            problems.add(Problem.error(option.valueOrigin(), setting.name() + " " + invalid.getMessage()));
        }
    }

    private void stanza(Stanza stanza, ScopePath place) {
        Word word = stanza.word();
        Optional<ScopeWord> scope = ScopeWord.of(word.text());
        Optional<StanzaType> type = vocabulary.stanza(word.text());
        if (scope.isPresent()) {
            scope(scope.get(), stanza, place);
        } else if (type.isEmpty() && !ModuleStanzas.isOne(word.text())) {
            misspelling.stanza(word, vocabulary.stanzaNames());
        } else if (!place.equals(ScopePath.GLOBAL)) {
            problems.add(Problem.error(word.origin(), "this stanza may stand outside every stanza only"));
        } else if (type.isPresent()) {
            stanzas.read(stanza, type.get());
        } else {
            modules.read(stanza);
        }
    }

    private void scope(ScopeWord scope, Stanza stanza, ScopePath place) {
        if (!scope.mayStandIn(place.kind())) {
            problems.add(Problem.error(
                    stanza.word().origin(), scope + " cannot stand here; its places: " + scope.placesInWords()));
        } else if (stanza.instance().isEmpty()) {
            problems.add(Problem.error(stanza.word().origin(), scope + " needs a name before \"{\""));
        } else {
            open(scope, stanza.instance().get(), place).ifPresent(inner -> read(stanza.items(), inner));
        }
    }

    private Optional<ScopePath> open(ScopeWord scope, Instance instance, ScopePath place) {
        return switch (scope) {
            case DOMAIN -> domains.declare(place, instance);
            case BINDING -> named(scope, instance).flatMap(name -> binding(instance, place.withBinding(name)));
            case BINDING_GROUP -> named(scope, instance).map(ScopePath::ofGroup).map(this::declared);
        };
    }

    private Optional<String> named(ScopeWord scope, Instance instance) {
        String name = instance.text();
        boolean wrong = name.isEmpty()
                || name.codePoints().anyMatch(c -> c == ':' || Character.isWhitespace(c) || Character.isISOControl(c));
        if (wrong) {
            problems.add(Problem.error(
                    instance.origin(), "the name of a " + scope + " is not empty and has no blanks and colons in it"));
        }
        return wrong ? Optional.empty() : Optional.of(name);
    }

    private Optional<ScopePath> binding(Instance instance, ScopePath place) {
        ScopePath home = place.group().isPresent() ? groupedBindings.putIfAbsent(instance.text(), place) : null;
        if (home != null && !home.equals(place)) {
            problems.add(Problem.error(
                    instance.origin(),
                    "a binding belongs to one group, and this one already stands in "
                            + home.group().orElseThrow()));
            return Optional.empty();
        }
        return Optional.of(declared(place));
    }

    private ScopePath declared(ScopePath place) {
        written.declare(place);
        return place;
    }
}
