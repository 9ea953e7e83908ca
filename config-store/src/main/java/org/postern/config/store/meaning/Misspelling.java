// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.Collection;
import java.util.Optional;
import org.postern.config.store.language.Item.Word;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.spi.settings.StanzaType;

/** Says what is wrong with a word that nothing knows in its place, unless it is one of Momentum's. */
final class Misspelling {

    private final Vocabulary vocabulary;
    private final Problems problems;
    private final Unused unused;

    Misspelling(Vocabulary vocabulary, Problems problems, Unused unused) {
        this.vocabulary = vocabulary;
        this.problems = problems;
        this.unused = unused;
    }

    void option(Word word, Collection<String> known) {
        if (MomentumWords.hasOption(word.text()) && !hasOtherUse(word.text())) {
            unused.option(word);
        } else {
            report(word, "unknown option", () -> optionHint(word, known));
        }
    }

    void stanza(Word word, Collection<String> known) {
        if (MomentumWords.hasStanza(word.text()) && !hasOtherUse(word.text())) {
            unused.stanza(word);
        } else {
            report(word, "unknown stanza", () -> stanzaHint(word, known));
        }
    }

    /** Whether the word means something to Postern in another place, so that it is not to be passed over in this one. */
    private boolean hasOtherUse(String word) {
        return vocabulary.setting(word).isPresent()
                || vocabulary.stanzaWith(word).isPresent()
                || isStanza(word);
    }

    private void report(Word word, String text, java.util.function.Supplier<Optional<String>> hint) {
        Problem problem = Problem.error(word.origin(), text + (word.quotable() ? " " + word.text() : ""));
        problems.add(problems.keepsErrors() ? problem.hint(hint.get()) : problem);
    }

    private Optional<String> optionHint(Word word, Collection<String> known) {
        if (isStanza(word.text())) {
            return Optional.of("that is a stanza, and is followed by { and not by =");
        }
        Optional<StanzaType> home = vocabulary.stanzaWith(word.text());
        if (home.isPresent()) {
            return home.map(stanza -> "it may stand in " + stanza.name() + " { }");
        }
        if (vocabulary.setting(word.text()).isPresent()) {
            return Optional.of("it may stand "
                    + ScopeWord.inWords(vocabulary.setting(word.text()).get().scopes()));
        }
        return nearest(word, known);
    }

    private Optional<String> stanzaHint(Word word, Collection<String> known) {
        if (vocabulary.setting(word.text()).isPresent()) {
            return Optional.of("that is an option, and is followed by = and not by {");
        }
        return nearest(word, known);
    }

    private boolean isStanza(String text) {
        return ScopeWord.of(text).isPresent()
                || ModuleStanzas.isOne(text)
                || vocabulary.stanza(text).isPresent();
    }

    private static Optional<String> nearest(Word word, Collection<String> known) {
        Optional<String> meant = Nearest.to(word.text(), known).map(name -> "did you mean " + name + "?");
        if (meant.isPresent() || word.quotable()) {
            return meant;
        }
        return Optional.of("a value with blanks needs quotes");
    }
}
