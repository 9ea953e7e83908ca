// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

import java.io.IOException;

/** A client with one session that is authenticated and kept. Used by one thread. */
interface MailClient extends AutoCloseable {

    /** Sends the message of {@link Letter} to somebody; returns when the peer has taken it. */
    void send(String recipient) throws Exception;

    @Override
    void close() throws IOException;
}
