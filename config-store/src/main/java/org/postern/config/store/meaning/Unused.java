// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.config.store.language.Item.Word;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;

/**
 * Collects the words that Momentum knows and nothing here uses. What they mean is known only at the end of the files, where
 * {@code Compatibility} may still stand: one warning for each word, or an error at each of its places.
 */
final class Unused {

    private final Map<String, List<Word>> options = new LinkedHashMap<>();
    private final Map<String, List<Word>> stanzas = new LinkedHashMap<>();

    void option(Word word) {
        add(options, word);
    }

    /** Notes a stanza, which is skipped with all that stands in it. */
    void stanza(Word word) {
        add(stanzas, word);
    }

    private static void add(Map<String, List<Word>> words, Word word) {
        words.computeIfAbsent(word.text().toLowerCase(Locale.ROOT), ignored -> new ArrayList<>())
                .add(word);
    }

    void report(Compatibility compatibility, Problems problems) {
        switch (compatibility) {
            case LENIENT -> {
                options.values().forEach(places -> problems.add(warning(places, "not used here")));
                stanzas.values()
                        .forEach(places -> problems.add(warning(places, "not used here; the stanza is skipped")));
            }
            case STRICT -> {
                options.values().forEach(places -> places.forEach(word -> problems.add(error(word))));
                stanzas.values().forEach(places -> places.forEach(word -> problems.add(error(word))));
            }
        }
    }

    /** Tells of each place instead of reporting. */
    void tell(Witness witness) {
        options.values().forEach(places -> places.forEach(witness::unused));
        stanzas.values().forEach(places -> places.forEach(witness::unused));
    }

    private static Problem warning(List<Word> places, String consequence) {
        Word first = places.getFirst();
        Problem problem = Problem.warning(first.origin(), first.text() + " is known to Momentum and " + consequence);
        int others = places.size() - 1;
        return others == 0
                ? problem
                : problem.hint("and so at " + others + " more " + (others == 1 ? "place" : "places"));
    }

    private static Problem error(Word word) {
        return Problem.error(word.origin(), word.text() + " is known to Momentum and not used here")
                .hint("Compatibility = lenient makes this a warning");
    }
}
