// SPDX-License-Identifier: Apache-2.0
package org.postern.engine.dto;

import java.util.Optional;

/**
 * A session that is open.
 *
 * @param peer name and port as configured
 * @param tls protocol, suite and verdict, if under TLS
 * @param mechanism the SASL mechanism, if authenticated
 * @param user the authentication identity, if authenticated
 * @param delivered messages delivered so far
 * @param busy whether a message is under way
 */
public record SessionView(
        String peer,
        Optional<String> tls,
        Optional<String> mechanism,
        Optional<String> user,
        int delivered,
        boolean busy) {}
