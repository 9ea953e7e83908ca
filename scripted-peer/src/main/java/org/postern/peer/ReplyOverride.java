// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.Optional;

/** Decides now and then what a {@link MailPeer} replies. Called by many threads at once. */
@FunctionalInterface
public interface ReplyOverride {

    /**
     * A reply to use instead of the usual one.
     *
     * @param stage where the session is
     * @param argument what the command was about; perhaps empty
     * @param connection the connection's number, counted from 1
     * @return one line without CRLF, such as {@code 451 4.3.0 later}; one that begins with 421 ends the session;
     *     an empty one closes the connection without a reply; nothing for the usual reply
     */
    Optional<String> reply(Stage stage, String argument, int connection);
}
