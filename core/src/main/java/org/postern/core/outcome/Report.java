// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import java.time.Instant;
import java.util.List;

/** What a sender is told (RFC 3464). */
public sealed interface Report {

    /** Those that it is about, at least one. */
    List<ReportedRecipient> recipients();

    /** The word of the {@code Action} field. */
    String action();

    /** The subject line. */
    String subject();

    /** The sentence above the list of recipients. */
    String opening();

    /**
     * It is over.
     *
     * @param recipients those that failed
     */
    record Failed(List<ReportedRecipient> recipients) implements Report {

        /** Copies the list. */
        public Failed {
            recipients = List.copyOf(recipients);
        }

        @Override
        public String action() {
            return "failed";
        }

        @Override
        public String subject() {
            return "Undelivered mail returned to sender";
        }

        @Override
        public String opening() {
            return "Your message could not be delivered to:";
        }
    }

    /**
     * It takes longer.
     *
     * @param recipients those that wait
     * @param retriedUntil when it is given up
     */
    record Delayed(List<ReportedRecipient> recipients, Instant retriedUntil) implements Report {

        /** Copies the list. */
        public Delayed {
            recipients = List.copyOf(recipients);
        }

        @Override
        public String action() {
            return "delayed";
        }

        @Override
        public String subject() {
            return "Delayed mail (still being tried)";
        }

        @Override
        public String opening() {
            return "Your message has not been delivered yet. You need not send it again; it is still being tried for:";
        }
    }

    /**
     * The next host has it.
     *
     * @param recipients those that it took
     * @param last whether it was the one that delivers, and not one that passes on without telling the sender more
     */
    record Taken(List<ReportedRecipient> recipients, boolean last) implements Report {

        /** Copies the list. */
        public Taken {
            recipients = List.copyOf(recipients);
        }

        @Override
        public String action() {
            return last ? "delivered" : "relayed";
        }

        @Override
        public String subject() {
            return last ? "Delivered mail" : "Relayed mail";
        }

        @Override
        public String opening() {
            return last
                    ? "Your message has been delivered to:"
                    : "Your message has been handed to a system that will not tell you of its delivery, for:";
        }
    }
}
