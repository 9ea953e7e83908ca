// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.time.Duration;
import java.util.List;

/**
 * What became of the mail for one peer.
 *
 * @param domain the recipients' domain
 * @param user the account it was to come under
 * @param messages how many came
 * @param duplicates how many of them came again
 * @param missing how many did not come
 * @param altered how many came otherwise than they were sent
 * @param wrongIdentity how many came under another identity or mechanism, or without
 * @param mechanisms by which mechanisms
 * @param tls under which TLS protocols
 * @param sessions over how many sessions
 * @param longestDelay from the hand-over to the relay to the arrival, at most
 */
record PeerReport(
        String domain,
        String user,
        int messages,
        int duplicates,
        int missing,
        int altered,
        int wrongIdentity,
        List<String> mechanisms,
        List<String> tls,
        int sessions,
        Duration longestDelay) {

    /** Copies the lists. */
    PeerReport {
        mechanisms = List.copyOf(mechanisms);
        tls = List.copyOf(tls);
    }

    /** Whether every message came once, unaltered, under TLS and the right identity. */
    boolean perfect() {
        return messages > 0
                && duplicates + missing + altered + wrongIdentity == 0
                && tls.stream().noneMatch("clear"::equals);
    }
}
