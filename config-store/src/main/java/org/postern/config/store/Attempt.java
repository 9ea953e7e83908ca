// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.util.List;
import org.postern.config.store.language.Problem;
import org.postern.config.store.meaning.Changes;
import org.postern.config.store.meaning.Loaded;

/** How an attempt to put the files in force ended. */
sealed interface Attempt {

    /**
     * Another configuration is in force.
     *
     * @param loaded which
     * @param changes what it changed, everything if it is the first one
     */
    record InForce(Loaded loaded, Changes changes) implements Attempt {}

    /**
     * The files say what is in force already.
     *
     * @param loaded what is in force
     */
    record Unchanged(Loaded loaded) implements Attempt {}

    /**
     * The files are wrong, and nothing changed.
     *
     * @param problems what is wrong with them
     * @param summary the same in one line
     */
    record Refused(List<Problem> problems, String summary) implements Attempt {

        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
