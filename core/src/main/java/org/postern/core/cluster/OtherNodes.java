// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.util.List;
import java.util.Optional;

/**
 * The nodes that share a queue with this one, for verbs that are meant for all of them.
 *
 * <p>Threading: safe for many threads.
 */
public interface OtherNodes {

    /** What operators call this node; nothing if it shares nothing. */
    Optional<String> own();

    /**
     * Asks all others that live to run a verb.
     *
     * @param words the verb and what follows it
     * @return what they answer, to be closed; nothing if the storage gives no answer
     * @throws IllegalArgumentException if the line is too long to be handed over
     */
    Optional<Round> ask(List<String> words);

    /** Who runs what others ask for, from now on. */
    void answerBy(Answering.Verbs verbs);
}
