// SPDX-License-Identifier: Apache-2.0
package org.postern.engine.dto;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One version of a credential as it is used at one peer. Never the secret.
 *
 * @param reference where it comes from: store and key, or the file with the password
 * @param version which state of it
 * @param user as whom
 * @param authorization on whose behalf, if that is somebody else
 * @param peer name and port
 * @param since when this version was stored or issued, if the store says so
 * @param expiry when it ends, if it does
 * @param state {@code well}, {@code refused} (logins wait for a probe), {@code pausing} (the peer refused for now) or
 *     {@code untried}
 * @param refusals how often it was refused in a row
 * @param nextLogin before when no login begins, if one has to wait
 * @param lastLogin when the last login ended, if there was one
 * @param lastReply what the peer said then, secrets masked; text of a stranger
 * @param sessions sessions that are open with it
 * @param waiting messages that wait for a limit of its account
 * @param limits of its account
 */
public record CredentialView(
        String reference,
        String version,
        String user,
        Optional<String> authorization,
        String peer,
        Optional<Instant> since,
        Optional<Instant> expiry,
        String state,
        int refusals,
        Optional<Instant> nextLogin,
        Optional<Instant> lastLogin,
        Optional<String> lastReply,
        int sessions,
        int waiting,
        List<Limit> limits) {

    /**
     * A limit and how far it is used up.
     *
     * @param limit as it is written in the configuration
     * @param used in its time
     * @param most at least 1
     */
    public record Limit(String limit, long used, long most) {}

    /** Copies the list. */
    public CredentialView {
        limits = List.copyOf(limits);
    }
}
