// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.List;
import java.util.Map;

/** A value as the configuration language has it, before a setting gives it a type. */
public sealed interface RawValue {

    /**
     * A word or a quoted string, escapes already decoded.
     *
     * @param text the characters, perhaps none
     */
    record Scalar(String text) implements RawValue {

        /** Never the text, which may be a password. */
        @Override
        public String toString() {
            return "Scalar[" + text.length() + " characters]";
        }
    }

    /**
     * {@code ( a b )}.
     *
     * @param items the scalars in order
     */
    record Array(List<String> items) implements RawValue {

        /** Copies the list. */
        public Array {
            items = List.copyOf(items);
        }

        /** Never the items. */
        @Override
        public String toString() {
            return "Array[" + items.size() + " items]";
        }
    }

    /**
     * {@code [ a = b ]}.
     *
     * @param entries keys as written, in order
     */
    record Dictionary(Map<String, String> entries) implements RawValue {

        /** Copies the map and keeps its order. */
        public Dictionary {
            entries = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(entries));
        }

        /** Never the entries. */
        @Override
        public String toString() {
            return "Dictionary[" + entries.size() + " entries]";
        }
    }
}
