// SPDX-License-Identifier: Apache-2.0
package org.postern.engine.dto;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one message has under one binding and routing domain.
 *
 * @param id the message
 * @param state how it waits
 * @param binding the binding's name
 * @param domain the routing domain; {@code *} while no configuration says it
 * @param identity as whom it was tried last, or is to go out as far as the configuration says; nothing for nobody
 * @param sender the reverse-path, empty for none
 * @param recipients those that are not settled
 * @param size octets of content
 * @param received when it was accepted
 * @param attempts attempts counted so far
 * @param due when it is tried next, where it waits for a time
 * @param reason why it waits, as far as is known
 * @param inMemory whether the process that was asked has it in memory; else it waits in the spool alone
 */
public record QueueEntry(
        String id,
        State state,
        String binding,
        String domain,
        Optional<String> identity,
        String sender,
        List<String> recipients,
        long size,
        Instant received,
        int attempts,
        Optional<Instant> due,
        Optional<String> reason,
        boolean inMemory) {

    /** How an entry waits. */
    public enum State {
        /** For its turn: it can be tried now. */
        READY("ready"),
        /** It is being tried. */
        DELIVERING("delivering"),
        /** For the time of its next attempt. */
        DELAYED("delayed"),
        /** For something on this side, such as a credential. */
        HELD("held"),
        /** For an operator, who put it on hold. */
        ON_HOLD("on-hold");

        private final String word;

        State(String word) {
            this.word = word;
        }

        /** As operators write it. */
        @Override
        public String toString() {
            return word;
        }
    }

    /** One that is in memory. */
    public QueueEntry(
            String id,
            State state,
            String binding,
            String domain,
            Optional<String> identity,
            String sender,
            List<String> recipients,
            long size,
            Instant received,
            int attempts,
            Optional<Instant> due,
            Optional<String> reason) {
        this(id, state, binding, domain, identity, sender, recipients, size, received, attempts, due, reason, true);
    }

    /** Copies the list. */
    public QueueEntry {
        recipients = List.copyOf(recipients);
    }
}
