// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.time.Duration;
import java.util.Objects;

/**
 * So many in so much time, whenever that time begins.
 *
 * @param counted of what
 * @param most at least 1
 * @param window the time
 */
public record Rate(Counted counted, long most, Window window) {

    /** The times that there are. */
    public enum Window {
        /** A second. */
        SECOND('s', Duration.ofSeconds(1)),
        /** A minute. */
        MINUTE('m', Duration.ofMinutes(1)),
        /** An hour. */
        HOUR('h', Duration.ofHours(1)),
        /** 24 hours. */
        DAY('d', Duration.ofDays(1));

        private final char letter;
        private final Duration length;

        Window(char letter, Duration length) {
            this.letter = letter;
            this.length = length;
        }

        /** How long it is. */
        public Duration length() {
            return length;
        }

        /** As it is written in the configuration. */
        public char letter() {
            return letter;
        }

        static Window of(char letter) {
            for (Window window : values()) {
                if (window.letter == Character.toLowerCase(letter)) {
                    return window;
                }
            }
            throw new IllegalArgumentException("there is no time '" + letter + "'");
        }
    }

    /** @throws NullPointerException if a part is missing */
    public Rate {
        Objects.requireNonNull(counted, "counted");
        Objects.requireNonNull(window, "window");
    }

    /** As it is written in the configuration. */
    @Override
    public String toString() {
        return counted.word() + "=" + most + "/" + window.letter();
    }
}
