// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.Optional;

/**
 * Everything that one {@code Listen} stanza says.
 *
 * @param address where to listen
 * @param relayHosts who may relay
 * @param limits bounds
 * @param hostname what the listener calls itself
 * @param addReceived whether a Received field is added
 * @param defaultBinding the binding of mail that names no other, if one is set
 * @param honourBindingField whether hosts that may relay name another in a message's header
 */
record ListenSettings(
        ListenAddress address,
        RelayHosts relayHosts,
        Limits limits,
        String hostname,
        boolean addReceived,
        Optional<String> defaultBinding,
        boolean honourBindingField) {}
