// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.net.Socket;

/** How a peer treats a relay that connects to it. Threading: called by many threads at once, one for each connection. */
@FunctionalInterface
interface Conduct {

    /**
     * Meets one connection, which is closed afterwards.
     *
     * @throws IOException if the relay closed it; nobody minds
     */
    void meet(Socket socket) throws IOException, InterruptedException;
}
