// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.util.List;
import java.util.Optional;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;

/** One node of the tree. Includes are already replaced by what they include. */
public sealed interface Item {

    /** The word that begins the item. */
    Word word();

    /**
     * {@code name = value}.
     *
     * @param word the name
     * @param value what stands right of the sign
     * @param valueOrigin where that begins
     * @param span from the first character of the name to the last one of the value
     */
    record Assignment(Word word, RawValue value, Origin valueOrigin, Span span) implements Item {}

    /**
     * A piece of a file's text.
     *
     * @param start the index of its first character, a byte order mark not counted
     * @param end the index behind its last one
     */
    record Span(int start, int end) {}

    /**
     * {@code name instance { … }}.
     *
     * @param word the name
     * @param instance the instance name, if there is one
     * @param items what stands inside
     */
    record Stanza(Word word, Optional<Instance> instance, List<Item> items) implements Item {

        /** Copies the list. */
        public Stanza {
            items = List.copyOf(items);
        }
    }

    /**
     * The name of a stanza's instance.
     *
     * @param text escapes decoded; a pattern has its slashes
     * @param origin where it begins
     */
    record Instance(String text, Origin origin) {}

    /**
     * A word in the place of a name.
     *
     * @param text as written
     * @param origin where it begins
     * @param quotable whether it may be repeated in a message. A word that follows something else on its line may be
     *     the rest of a password that lacks its quotes
     */
    record Word(String text, Origin origin, boolean quotable) {

        /** Never the text. */
        @Override
        public String toString() {
            return "Word[" + origin + "]";
        }
    }
}
