// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The words that a configuration for Momentum may contain and no bundle of Postern understands, from the resource
 * {@code momentum.words}. An inherited file is full of them; they are told from misspelt ones by this list.
 */
final class MomentumWords {

    private static final MomentumWords LIST = read();

    private final Set<String> options = new HashSet<>();
    private final Set<String> stanzas = new HashSet<>();

    private MomentumWords() {}

    static boolean hasOption(String word) {
        return LIST.options.contains(word.toLowerCase(Locale.ROOT));
    }

    static boolean hasStanza(String word) {
        return LIST.stanzas.contains(word.toLowerCase(Locale.ROOT));
    }

    static int count() {
        return LIST.options.size() + LIST.stanzas.size();
    }

    private static MomentumWords read() {
        try (InputStream in = MomentumWords.class.getResourceAsStream("momentum.words");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            MomentumWords words = new MomentumWords();
            Set<String> under = words.options;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("[")) {
                    under = line.startsWith("[stanza") ? words.stanzas : words.options;
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    under.addAll(Set.of(line.split(" ")));
                }
            }
            return words;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
