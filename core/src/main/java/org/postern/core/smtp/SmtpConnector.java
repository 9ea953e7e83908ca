// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.spi.mail.DeliveryStage;

/**
 * Opens sessions. Holds what they share: what enforces deadlines, trust with its TLS sessions, and what was learned of
 * peers that cannot do what they offer. Safe for use by many threads.
 */
public final class SmtpConnector implements AutoCloseable {

    /** Nearer peers are not worth it: what is saved is the time until the reply comes. */
    private static final Duration FAR = Duration.ofMillis(5);

    private final SelectorProvider network;
    private final Deadlines deadlines;
    private final TlsContexts contexts = new TlsContexts();
    private final Experience experience;

    /** A connector with nothing open. */
    public SmtpConnector() {
        this(SelectorProvider.provider(), Watchdog.start(), FAR);
    }

    /**
     * A connector over another network than the machine's.
     *
     * @param network makes channels, which may be read and written by streams of their {@linkplain SocketChannel#socket()
     *     sockets}
     * @param deadlines ends what takes too long; closed with the connector
     * @param far how long a peer takes to reply to the end of a message, at least, for another message to be sent behind one
     */
    public SmtpConnector(SelectorProvider network, Deadlines deadlines, Duration far) {
        this.network = network;
        this.deadlines = deadlines;
        this.experience = new Experience(System::nanoTime, far);
    }

    /**
     * Connects, and comes back when the peer has said what it can do, under TLS where the policy says so. Blocks.
     *
     * @throws SmtpFault if any step of that failed; the connection is then closed
     */
    public SmtpConnection open(SessionParameters parameters, WireTap tap) throws SmtpFault {
        try {
            return openOnce(parameters, parameters.tls().level(), tap);
        } catch (SmtpFault fault) {
            if (!goesOnInClear(parameters, fault)) {
                throw fault;
            }
            tap.note("TLS was offered and failed; the policy lets a new connection go on in clear");
            return openOnce(parameters, TlsPolicy.Level.NEVER, tap);
        }
    }

    private static boolean goesOnInClear(SessionParameters parameters, SmtpFault fault) {
        boolean permitted = parameters.tls().level() == TlsPolicy.Level.IF_OFFERED
                && parameters.tls().fallback() != TlsPolicy.Fallback.NONE
                && !parameters.authenticationApplies()
                && !parameters.endpoint().implicitTls();
        boolean atTls = fault.stage() == DeliveryStage.STARTTLS || fault.stage() == DeliveryStage.TLS_HANDSHAKE;
        return permitted && atTls && fault.kind() != Kind.INJECTION && fault.kind() != Kind.CERTIFICATE_REFUSED;
    }

    private SmtpConnection openOnce(SessionParameters parameters, TlsPolicy.Level level, WireTap tap) throws SmtpFault {
        Optional<TlsContexts.Context> trust = trust(parameters, level, tap);
        Wire wire = connect(parameters, tap);
        InitialDialogue dialogue = new InitialDialogue(wire, parameters, level, trust);
        try {
            dialogue.run();
            return new SmtpConnection(wire, parameters, dialogue.capabilities(), dialogue.evidence(), experience);
        } catch (SmtpFault | RuntimeException | Error failed) {
            wire.close();
            throw failed;
        }
    }

    /** Obtained before anything is said: a broken file is our own fault and no reason to go on in clear. */
    private Optional<TlsContexts.Context> trust(SessionParameters parameters, TlsPolicy.Level level, WireTap tap)
            throws SmtpFault {
        if (level == TlsPolicy.Level.NEVER && !parameters.endpoint().implicitTls()) {
            return Optional.empty();
        }
        try {
            return Optional.of(contexts.forPolicy(parameters.tls()));
        } catch (IOException | GeneralSecurityException failed) {
            String message = "TLS cannot be set up on this side: " + PeerText.of(failed);
            tap.note(message);
            throw new SmtpFault(DeliveryStage.NOT_CONNECTED, Kind.TLS_UNUSABLE, message, null, failed);
        }
    }

    private Wire connect(SessionParameters parameters, WireTap tap) throws SmtpFault {
        SocketChannel channel = null;
        try {
            channel = network.openSocketChannel();
            connect(channel, parameters);
            return new Wire(channel, deadlines.over(channel), tap);
        } catch (IOException | RuntimeException failed) {
            closeQuietly(channel);
            String why = PeerText.of(failed);
            String message = "no connection to " + parameters.endpoint() + ": " + why;
            tap.note(message);
            throw new SmtpFault(DeliveryStage.NOT_CONNECTED, Kind.CONNECT_FAILED, message, null, failed);
        }
    }

    private static void connect(SocketChannel channel, SessionParameters parameters) throws IOException {
        if (parameters.source().isPresent()) {
            channel.bind(new InetSocketAddress(parameters.source().get(), 0));
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        Socket socket = channel.socket();
        InetSocketAddress address = new InetSocketAddress(
                parameters.endpoint().address(), parameters.endpoint().port());
        socket.connect(address, Math.toIntExact(parameters.timeouts().connect().toMillis()));
    }

    private static void closeQuietly(SocketChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException nothingToLose) {
                // It never was connected.
            }
        }
    }

    /** Cuts every session that is still open. */
    @Override
    public void close() {
        deadlines.close();
    }
}
