// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One peer's connection: a socket, and the session on it. */
final class Connection {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final InetAddress peer;
    private final SocketWire wire;
    private final Session session;

    Connection(Socket socket, SessionContext context) throws IOException {
        this.peer = socket.getInetAddress();
        this.wire = new SocketWire(socket);
        this.session = new Session(context, wire);
    }

    InetAddress peer() {
        return peer;
    }

    void run() {
        try {
            if (!session.run()) {
                wire.closeGently();
            }
        } catch (IOException gone) {
            LOG.debug("{}: connection lost: {}", peer.getHostAddress(), gone.getMessage());
        } finally {
            closeNow();
        }
    }

    /** Ends the session at its next wait, unless it is within a transaction. */
    void endIfIdle() {
        if (!session.busy()) {
            try {
                wire.endInput();
            } catch (IOException closedAlready) {
                LOG.debug("{}: {}", peer.getHostAddress(), closedAlready.getMessage());
            }
        }
    }

    boolean stuckFor(long nanos) {
        return wire.stuckFor(nanos);
    }

    void closeNow() {
        try {
            wire.closeNow();
        } catch (IOException gone) {
            LOG.debug("{}: {}", peer.getHostAddress(), gone.getMessage());
        }
    }
}
