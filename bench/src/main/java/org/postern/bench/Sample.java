// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

/**
 * What one relay did in one round.
 *
 * @param messages how many messages were handed in
 * @param acceptedSeconds from the first octet to the last 250 that the relay gave
 * @param deliveredSeconds from the first octet until the last message was at the sink
 * @param cpuSeconds CPU of all processes of the relay, in user and kernel mode
 * @param memory octets of proportional set size of all processes of the relay, at the end
 * @param resident octets that were resident at most since the relay started, in all its processes together
 * @param latency from acceptance to delivery
 * @param lost messages that were accepted and did not arrive in time
 * @param repeated messages that arrived more than once
 */
record Sample(
        int messages,
        double acceptedSeconds,
        double deliveredSeconds,
        double cpuSeconds,
        long memory,
        long resident,
        Latency latency,
        int lost,
        int repeated) {

    double acceptedPerSecond() {
        return messages / acceptedSeconds;
    }

    double deliveredPerSecond() {
        return (messages - lost) / deliveredSeconds;
    }

    /** CPU seconds for a thousand messages. */
    double cpuPerThousand() {
        return cpuSeconds * 1000 / messages;
    }

    /** Whether everything arrived. */
    boolean complete() {
        return lost == 0;
    }
}
