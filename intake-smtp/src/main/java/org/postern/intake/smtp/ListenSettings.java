// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

/**
 * Everything that one {@code Listen} stanza says.
 *
 * @param address where to listen
 * @param relayHosts who may relay
 * @param limits bounds
 * @param hostname what the listener calls itself
 * @param addReceived whether a Received field is added
 */
record ListenSettings(
        ListenAddress address, RelayHosts relayHosts, Limits limits, String hostname, boolean addReceived) {}
