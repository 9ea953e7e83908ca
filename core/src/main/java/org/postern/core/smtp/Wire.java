// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

/**
 * The two directions of one connection. Commands are gathered and leave together; replies are read one by one, each under
 * a deadline of its own; every failure comes out as a fact that says which step it hit. After a failure the connection is
 * closed.
 */
final class Wire implements AutoCloseable {

    /** Octets that leave in one piece. */
    static final int BLOCK = 16 * 1024;

    private static final int FIRST_SIZE = 1024;

    /** Sessions are many, and most messages small. */
    private static final int MOST_KEPT = 3 * BLOCK;

    private static final int CLOSING = 421;

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final SocketChannel channel;
    private final Deadline deadline;
    private final WireTap tap;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private ReplyParser replies;
    private byte[] pending = new byte[FIRST_SIZE];
    private int count;
    private DeliveryStage stage = DeliveryStage.BANNER;
    private boolean broken;
    private SmtpReply goodbye;

    /** Over a connected channel. */
    Wire(SocketChannel channel, Deadline deadline, WireTap tap) throws IOException {
        this.channel = channel;
        this.deadline = deadline;
        this.tap = tap;
        use(channel.socket());
    }

    private void use(Socket layer) throws IOException {
        socket = layer;
        in = layer.getInputStream();
        out = layer.getOutputStream();
        replies = new ReplyParser(in, new ReadPace(channel.socket().getInputStream(), deadline));
    }

    /** Which step failures belong to from now on. */
    void enter(DeliveryStage next) {
        stage = next;
    }

    DeliveryStage stage() {
        return stage;
    }

    WireTap tap() {
        return tap;
    }

    boolean isBroken() {
        return broken;
    }

    // ---- sending

    /** Adds a command to those that leave next. */
    void gather(SmtpCommand command) {
        gather(command.octets(), command.octets().length);
        tap.sent(command.toString());
    }

    private void gather(byte[] octets, int length) {
        System.arraycopy(octets, 0, room(length), count, length);
        count += length;
    }

    /** The buffer, with room for so many octets behind {@link #gathered()}. */
    byte[] room(int octets) {
        if (count + octets > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(count + octets, pending.length * 2));
        }
        return pending;
    }

    int gathered() {
        return count;
    }

    /** Octets were put into the buffer up to here. */
    void gatheredUpTo(int end) {
        count = end;
    }

    /** Sends what was gathered and forgets it. */
    void flush(Duration limit) throws SmtpFault {
        try {
            requireSilence();
        } catch (SmtpFault fault) {
            forget();
            throw fault;
        }
        send(limit);
    }

    /** Forgets what was gathered: among it may have been a password. */
    void forget() {
        Arrays.fill(pending, 0, count, (byte) 0);
        count = 0;
        if (pending.length > MOST_KEPT) {
            pending = new byte[FIRST_SIZE];
        }
    }

    /** Sends a block of content. What the peer says meanwhile is looked at later. */
    void send(Duration limit) throws SmtpFault {
        deadline.arm(limit);
        try {
            out.write(pending, 0, count);
            out.flush();
        } catch (IOException failed) {
            throw cutOff(failed, limit);
        } finally {
            deadline.disarm();
            forget();
        }
    }

    /** Sends what was gathered while replies to something else are on their way. If that fails, they are not lost by it. */
    void sendAhead(Duration limit) {
        deadline.arm(limit);
        try {
            out.write(pending, 0, count);
            out.flush();
        } catch (IOException failed) {
            // Reading finds it out, after whatever the peer had to say.
            tap.note("not all was sent: " + PeerText.of(failed));
        } finally {
            deadline.disarm();
            forget();
        }
    }

    /**
     * Before what was sent ahead is heard of. A peer that has said goodbye has not looked at it; and what is left of a session
     * that broke says nothing of it.
     */
    void requireWhole() throws SmtpFault {
        if (goodbye != null) {
            throw refused(goodbye);
        }
        if (broken) {
            throw connectionLost(new EOFException("the session ended before"));
        }
    }

    /** Sends a command and reads its reply. */
    SmtpReply exchange(SmtpCommand command, Duration limit, ReplyLimits limits) throws SmtpFault {
        gather(command);
        flush(limit);
        return reply(limit, limits);
    }

    // ---- receiving

    /** Reads a reply and shows it to the tap. */
    SmtpReply reply(Duration limit, ReplyLimits limits) throws SmtpFault {
        SmtpReply reply = silentReply(limit, limits);
        show(reply);
        return reply;
    }

    /** Reads a reply that the tap must not see as it is. */
    SmtpReply silentReply(Duration limit, ReplyLimits limits) throws SmtpFault {
        deadline.arm(limit);
        try {
            return replies.read(limits);
        } catch (MalformedReplyException malformed) {
            throw malformed(malformed, limits);
        } catch (IOException failed) {
            throw lost(failed, limit);
        } finally {
            deadline.disarm();
        }
    }

    // What is no reply is quoted, but not while it may be a password that comes back.
    private SmtpFault malformed(MalformedReplyException malformed, ReplyLimits limits) {
        return limits.equals(ReplyLimits.AUTH)
                ? fault(SmtpFault.Kind.PROTOCOL_ERROR, "the peer sent what is no reply to AUTH", null, null)
                : fault(SmtpFault.Kind.PROTOCOL_ERROR, "the peer sent " + malformed.getMessage(), null, malformed);
    }

    /** Shows a reply to the tap. */
    void show(SmtpReply reply) {
        if (tap == WireTap.NONE) {
            return;
        }
        for (int i = 0; i < reply.lines().size(); i++) {
            char separator = i + 1 < reply.lines().size() ? '-' : ' ';
            tap.received(reply.code() + (separator + reply.lines().get(i)));
        }
    }

    /** Whether the peer said something that has not been read, or has hung up under TLS. */
    private boolean hasUnread() throws IOException {
        return replies.hasBuffered() || in.available() > 0 || (hasEncrypted() && isSaidUnderTls());
    }

    private boolean hasEncrypted() throws IOException {
        return socket != channel.socket() && channel.socket().getInputStream().available() > 0;
    }

    // Only decrypting tells a reply from the bookkeeping of TLS, and a record may be here by half.
    private boolean isSaidUnderTls() throws IOException {
        socket.setSoTimeout(1);
        try {
            replies.takeIn();
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    /** Nothing may be waiting when a command is sent, or commands and replies would no longer match. */
    private void requireSilence() throws SmtpFault {
        if (isAnswered()) {
            SmtpReply extra = reply(LAST_WORDS, ReplyLimits.ORDINARY);
            throw extra.code() == 421
                    ? refused(extra)
                    : fault(
                            SmtpFault.Kind.PROTOCOL_ERROR,
                            "the peer sent a reply that nobody asked for: " + extra,
                            extra,
                            null);
        }
    }

    /**
     * Before content that leaves together with its envelope: a peer that has left cannot have taken it, and that is known
     * for certain only as long as nothing was sent.
     */
    void requireListener() throws SmtpFault {
        requireSilence();
        if (!isQuiet()) {
            throw connectionLost(new EOFException("the peer had closed it"));
        }
    }

    /** Whether the peer said something that has not been read, as {@link #hasUnread()}. */
    boolean isAnswered() throws SmtpFault {
        try {
            return hasUnread();
        } catch (IOException failed) {
            throw lost(failed, LAST_WORDS);
        }
    }

    /** A peer that hangs up in mid-sentence may have said why. */
    private SmtpFault cutOff(IOException failed, Duration limit) {
        if (deadline.isExpired()) {
            return lost(failed, limit);
        }
        deadline.arm(LAST_WORDS);
        try {
            SmtpReply reply = replies.read(ReplyLimits.ORDINARY);
            show(reply);
            return reply.replyClass() >= 4 ? refused(reply) : lost(failed, limit);
        } catch (IOException nothingSaid) {
            deadline.disarm();
            return connectionLost(failed);
        }
    }

    // ---- TLS

    /** Octets in clear behind the reply to STARTTLS come from somebody else (CVE-2011-0411). */
    void requireNothingInjected() throws SmtpFault {
        if (isAnswered()) {
            throw fault(SmtpFault.Kind.INJECTION, "octets in clear followed the reply to STARTTLS", null, null);
        }
    }

    /** Puts TLS on top of the connection. Everything read so far is behind us, buffers included. */
    TlsLayer startTls(Endpoint endpoint, TlsContexts.Context context, Duration limit) throws SmtpFault {
        deadline.arm(limit);
        try {
            TlsLayer layer = TlsLayer.over(channel.socket(), endpoint, context);
            use(layer.socket());
            tap.note("TLS " + layer.evidence());
            return layer;
        } catch (CertificateRefusedException refused) {
            throw fault(SmtpFault.Kind.CERTIFICATE_REFUSED, refused.getMessage(), null, refused);
        } catch (IOException | GeneralSecurityException failed) {
            throw deadline.isExpired() ? lost(failed, limit) : tlsFailed(failed);
        } finally {
            deadline.disarm();
        }
    }

    private SmtpFault tlsFailed(Exception failed) {
        String why = PeerText.of(failed);
        return fault(SmtpFault.Kind.TLS_FAILED, "the TLS handshake failed: " + why, null, failed);
    }

    // ---- the end

    /**
     * Whether the peer is still there and silent. Takes a system call; under TLS, when something encrypted has come, a
     * millisecond to see whether it is more than the bookkeeping of TLS.
     */
    boolean isQuiet() {
        try {
            return !broken && channel.isOpen() && !hasUnread() && (hasEncrypted() || isOpenAndEmpty());
        } catch (IOException gone) {
            return false;
        }
    }

    private boolean isOpenAndEmpty() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    /** A fact about this connection, which is of no use after it. */
    SmtpFault fault(SmtpFault.Kind kind, String message, SmtpReply reply, Throwable cause) {
        close();
        tap.note(message);
        return new SmtpFault(stage, kind, message, reply, cause);
    }

    /** The peer said no to a step without which there is nothing more to do. */
    SmtpFault refused(SmtpReply reply) {
        goodbye = reply.code() == CLOSING ? reply : goodbye;
        return fault(SmtpFault.Kind.REFUSED, Steps.name(stage) + " was refused: " + reply, reply, null);
    }

    /** The peer answered with a reply of a class that makes no sense here. */
    SmtpFault nonsense(SmtpReply reply) {
        return fault(
                SmtpFault.Kind.PROTOCOL_ERROR, Steps.name(stage) + " was answered with " + reply.code(), reply, null);
    }

    private SmtpFault lost(Exception failed, Duration limit) {
        if (deadline.isExpired()) {
            String message = Steps.name(stage) + " took longer than " + Steps.text(limit);
            return fault(SmtpFault.Kind.TIMEOUT, message, null, null);
        }
        return connectionLost(failed);
    }

    private SmtpFault connectionLost(Exception failed) {
        String why = PeerText.of(failed);
        String message = "the connection was lost at " + Steps.name(stage) + ": " + why;
        return fault(SmtpFault.Kind.CONNECTION_LOST, message, null, failed);
    }

    /** Ends TLS and the connection in good order. */
    void closePolitely(Duration limit) {
        deadline.arm(limit);
        try {
            socket.close();
        } catch (IOException | RuntimeException goneAlready) {
            // The peer has left without waiting for us, as many do.
        } finally {
            deadline.disarm();
            close();
        }
    }

    /** Cuts the connection. */
    @Override
    public void close() {
        broken = true;
        deadline.cut();
        deadline.close();
    }
}
