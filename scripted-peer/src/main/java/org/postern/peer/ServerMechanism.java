// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.Optional;
import javax.net.ssl.SSLSession;

/** The server's side of a SASL mechanism (RFC 4422). Safe for several threads. */
public interface ServerMechanism {

    /** The registered name, such as {@code PLAIN}. */
    String name();

    /** Starts one authentication against these accounts. */
    Exchange begin(Accounts accounts);

    /**
     * The same for mechanisms that look at TLS.
     *
     * @param tls the session's, if it is under TLS
     * @param offersBinding whether the peer offers this mechanism with channel binding too
     */
    default Exchange begin(Accounts accounts, Optional<SSLSession> tls, boolean offersBinding) {
        return begin(accounts);
    }

    /** Whether a client sees it in the reply to EHLO. */
    default boolean isOfferedTo(Optional<SSLSession> tls) {
        return true;
    }

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
