// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the sender of a message wants to hear of its delivery (RFC 3461): the parameters of MAIL and RCPT, as they were given.
 * None of them holds a control character, encoded or not.
 *
 * @param returned how much of the message is to come back with the report of a failure; nothing where that was not said
 * @param envelopeId the sender's name for this message, as xtext, at most {@value #MAX_ENVELOPE_ID} characters
 * @param recipients what was said for each recipient, in the order of the envelope; empty where nothing was
 */
public record DsnRequest(Optional<Return> returned, Optional<String> envelopeId, List<Recipient> recipients) {

    /** Characters of an envelope id, RFC 3461 section 4.4. */
    public static final int MAX_ENVELOPE_ID = 100;

    /** Characters of an original recipient, RFC 3461 section 4.2. */
    public static final int MAX_ORIGINAL_RECIPIENT = 500;

    /** Nothing was said. */
    public static final DsnRequest NONE = new DsnRequest(Optional.empty(), Optional.empty(), List.of());

    /** How much comes back. */
    public enum Return {
        /** The whole message. */
        FULL,
        /** Its header. */
        HDRS
    }

    /** What a sender wants to hear of. */
    public enum Notify {
        /** Nothing; stands alone. */
        NEVER,
        /** That it was delivered. */
        SUCCESS,
        /** That it could not be delivered. */
        FAILURE,
        /** That it is late. */
        DELAY
    }

    /**
     * What was said for a recipient.
     *
     * @param notifyOn what the sender wants to hear of; empty where that was not said
     * @param original for whom the message was meant at first: type, semicolon and address as xtext
     */
    public record Recipient(Set<Notify> notifyOn, Optional<String> original) {

        /** Nothing was said. */
        public static final Recipient NONE = new Recipient(Set.of(), Optional.empty());

        private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9!#$%&'*/?^_`{|}~.-]+");
        private static final String UTF_8 = "utf-8";

        /** @throws IllegalArgumentException if a part is not as RFC 3461 (for {@code utf-8}, RFC 6533) wants it */
        public Recipient {
            notifyOn = notifyOn.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(notifyOn));
            if (notifyOn.contains(Notify.NEVER) && notifyOn.size() > 1) {
                throw new IllegalArgumentException("NOTIFY=NEVER stands alone");
            }
            Objects.requireNonNull(original, "original");
            original.ifPresent(Recipient::check);
        }

        private static void check(String original) {
            int semicolon = original.indexOf(';');
            if (original.length() > MAX_ORIGINAL_RECIPIENT
                    || semicolon < 1
                    || semicolon == original.length() - 1
                    || !TYPE.matcher(original.substring(0, semicolon)).matches()
                    || !isAddress(original.substring(0, semicolon), original.substring(semicolon + 1))) {
                throw new IllegalArgumentException("ORCPT takes a type, a semicolon and an address as xtext, at most "
                        + MAX_ORIGINAL_RECIPIENT + " characters");
            }
        }

        private static boolean isAddress(String type, String address) {
            return Xtext.isPrintable(
                    type.equalsIgnoreCase(UTF_8) ? address.replaceAll("[^\\x00-\\x9f]", "_") : address);
        }

        /** Whether the sender wants to hear of this, or left that open. */
        public boolean allows(Notify what) {
            return notifyOn.isEmpty() || notifyOn.contains(what);
        }
    }

    /** @throws IllegalArgumentException if the envelope id is too long or no xtext */
    public DsnRequest {
        Objects.requireNonNull(returned, "returned");
        envelopeId
                .filter(id -> id.isEmpty() || id.length() > MAX_ENVELOPE_ID || !Xtext.isPrintable(id))
                .ifPresent(wrong -> {
                    throw new IllegalArgumentException("ENVID takes 1 to " + MAX_ENVELOPE_ID + " characters of xtext");
                });
        recipients = recipients.stream().allMatch(Recipient.NONE::equals) ? List.of() : List.copyOf(recipients);
    }

    /** What was said for the recipient at this position of the envelope. */
    public Recipient recipient(int index) {
        return recipients.isEmpty() ? Recipient.NONE : recipients.get(index);
    }

    /** The same for these recipients only. */
    public DsnRequest forRecipients(List<Integer> indices) {
        return recipients.isEmpty()
                ? this
                : new DsnRequest(
                        returned,
                        envelopeId,
                        indices.stream().map(recipients::get).toList());
    }

    /** Whether nothing was said at all. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
