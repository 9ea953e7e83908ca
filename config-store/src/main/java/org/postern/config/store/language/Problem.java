// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.settings.Origin;

/**
 * Something in a configuration that the operator should look at. No part ever repeats a value: it may be a password.
 *
 * @param severity whether the configuration is wrong
 * @param origin where
 * @param text what
 * @param hint what would help, if anything is known
 */
public record Problem(Severity severity, Origin origin, String text, Optional<String> hint) {

    /** @throws NullPointerException if a part is missing */
    public Problem {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(hint, "hint");
    }

    /** What makes the configuration wrong. */
    public static Problem error(Origin origin, String text) {
        return new Problem(Severity.ERROR, origin, text, Optional.empty());
    }

    /** What makes the configuration suspicious. */
    public static Problem warning(Origin origin, String text) {
        return new Problem(Severity.WARNING, origin, text, Optional.empty());
    }

    /** The same with a hint. */
    public Problem hint(String help) {
        return new Problem(severity, origin, text, Optional.of(help));
    }

    /** The same with a hint, if there is one. */
    public Problem hint(Optional<String> help) {
        return new Problem(severity, origin, text, help);
    }

    private String place() {
        if (origin.line() <= 0) {
            return origin.file();
        }
        return origin.column() > 0 ? origin.toString() : origin.file() + ":" + origin.line();
    }

    /** {@code file:line:column: error: text (hint)}; without column or line where they are 0, and so not known. */
    @Override
    public String toString() {
        return place() + ": " + severity + ": " + text
                + hint.map(help -> " (" + help + ")").orElse("");
    }
}
