// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.List;
import java.util.Optional;

/**
 * A dialogue that was read.
 *
 * @param name the file's name, for error texts
 * @param connections the steps of each connection in the order in which the client makes them
 * @param further the steps of every connection after those, if there may be more
 */
record Dialogue(String name, List<List<Step>> connections, Optional<List<Step>> further) {

    Dialogue {
        connections = List.copyOf(connections);
    }

    /** The steps of a connection, counted from 1. */
    Optional<List<Step>> stepsOf(int connection) {
        return connection <= connections.size() ? Optional.of(connections.get(connection - 1)) : further;
    }

    /** {@code file:line}, as in error texts. */
    String at(Step step) {
        return name + ":" + step.source().line();
    }
}
