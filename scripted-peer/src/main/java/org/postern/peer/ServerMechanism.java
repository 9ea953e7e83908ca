// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.Optional;

/** The server's side of a SASL mechanism (RFC 4422). Safe for several threads. */
public interface ServerMechanism {

    /** The registered name, such as {@code PLAIN}. */
    String name();

    /** Starts one authentication against these accounts. */
    Exchange begin(Accounts accounts);

    /** One run; used by one thread. */
    @FunctionalInterface
    interface Exchange {

        /**
         * Goes one step further.
         *
         * @param response the client's octets; at first nothing, unless the client sent an initial response
         */
        Verdict next(Optional<byte[]> response);
    }

    /** What follows. */
    sealed interface Verdict {

        /**
         * Ask on.
         *
         * @param octets perhaps none
         */
        record Challenge(byte[] octets) implements Verdict {}

        /**
         * The client is who it says.
         *
         * @param user who that is
         */
        record Granted(String user) implements Verdict {}

        /**
         * It is not.
         *
         * @param reply the reply, such as {@code 535 5.7.8 authentication failed}
         */
        record Denied(String reply) implements Verdict {}
    }
}
