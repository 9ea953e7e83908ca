// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at a bundle's own stanza more closely than its {@link StanzaType} can: whether the files that it names are there,
 * and are what they should be. Registered as an OSGi service that depends on no configuration. Nothing is put in force,
 * connected to or left open.
 *
 * <p>Threading: called by one thread at a time; may read files.
 */
@ConsumerType
public interface StanzaCheck {

    /** The persistent identity of the stanzas that it looks at, as their {@link StanzaType} has it. */
    String pid();

    /**
     * What is wrong.
     *
     * @param properties the dictionary that the bundle would be handed, {@code postern.config.directory} included
     * @return nothing if all is well
     */
    List<Finding> check(Map<String, ?> properties);

    /**
     * One thing that is wrong, or doubtful.
     *
     * @param error whether the configuration must not be used like this; otherwise it is a warning
     * @param where file, or file and line, as far as it is known; empty if only the stanza is
     * @param text for people, without the place
     */
    record Finding(boolean error, String where, String text) {

        /** @throws NullPointerException if a part is missing */
        public Finding {
            Objects.requireNonNull(where, "where");
            Objects.requireNonNull(text, "text");
        }

        @Override
        public String toString() {
            return (where.isEmpty() ? "" : where + ": ") + (error ? "error: " : "warning: ") + text;
        }
    }
}
