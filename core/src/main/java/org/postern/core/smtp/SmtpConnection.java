// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.Optional;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.sasl.TlsEvidence;

/** One session with one peer. Blocking; used by one thread at a time. Opened by {@link SmtpConnector}. */
public final class SmtpConnection implements AutoCloseable {

    /** Octets of content that go out behind another message, at most: the sockets' buffers take them without waiting. */
    private static final long MAX_AHEAD = 16 * 1024;

    private final Wire wire;
    private final SessionParameters parameters;
    private final Capabilities capabilities;
    private final Optional<TlsEvidence> evidence;
    private final Experience experience;
    private final AuthWire auth;
    private boolean transactionOpen;
    private boolean knowsChunks;
    private boolean chunkUnwanted;
    private boolean far;
    private long sentAt;
    private Optional<Begun> begun = Optional.empty();

    /** A message whose turn to be heard of has not come. */
    private record Begun(MailTransaction transaction, long sentAt) {}

    SmtpConnection(
            Wire wire,
            SessionParameters parameters,
            Capabilities capabilities,
            Optional<TlsEvidence> evidence,
            Experience experience) {
        this.wire = wire;
        this.parameters = parameters;
        this.capabilities = capabilities;
        this.evidence = evidence;
        this.experience = experience;
        this.auth = new AuthWire(wire, parameters.timeouts().auth(), () -> transactionOpen);
    }

    /** Where it goes. */
    public Endpoint endpoint() {
        return parameters.endpoint();
    }

    /** What the peer said it can do, last. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** What TLS showed, if there is TLS. */
    public Optional<TlsEvidence> tls() {
        return evidence;
    }

    /** Whether AUTH succeeded on it. */
    public boolean isAuthenticated() {
        return auth.isAuthenticated();
    }

    /**
     * Whether it is worth trying to use it again: open, nothing unasked-for received, no fault so far. Takes a system call
     * or two, and a millisecond where TLS has something to digest.
     */
    public boolean isUsable() {
        return !auth.isUnfinished() && wire.isQuiet();
    }

    /** For the AUTH exchange. */
    public SaslWire sasl() {
        return auth;
    }

    /**
     * Runs a mail transaction. Never throws for anything the peer does. A transaction that the one before left open is
     * reset first; if that fails, the fault is at stage {@link DeliveryStage#RSET} and nothing of the message was sent.
     *
     * @param sent called once the whole message is sent and its last replies are on their way: the moment to {@link #begin}
     *     the next one; must not throw
     * @throws IllegalStateException within an AUTH exchange, where the peer would take a command for a response, and where
     *     a message was begun and is not finished
     */
    public TransactionResult send(OutboundMessage message, Runnable sent) {
        if (auth.isUnfinished()) {
            throw new IllegalStateException("an AUTH exchange is under way");
        }
        if (isFollowed()) {
            throw new IllegalStateException("another message is under way");
        }
        boolean chunks = message.mayBeChunked() && message.pipelining() != Pipelining.NO && takesChunks();
        MailTransaction transaction = new MailTransaction(wire, capabilities, parameters, message, chunks);
        try {
            if (transactionOpen) {
                reset();
            }
        } catch (SmtpFault fault) {
            return transaction.notBegun(fault);
        }
        return ended(transaction, transaction.run(() -> sent(sent)));
    }

    /** The same for a message that none is sent behind. */
    public TransactionResult send(OutboundMessage message) {
        return send(message, () -> {});
    }

    private void sent(Runnable listener) {
        sentAt = experience.nanoTime().getAsLong();
        listener.run();
    }

    private TransactionResult ended(MailTransaction transaction, TransactionResult result) {
        transactionOpen = transaction.isOpen();
        far = result.isConfirmed()
                && experience.nanoTime().getAsLong() - sentAt
                        >= experience.far().toNanos();
        if (transaction.isChunkSent()) {
            learn(result);
        }
        return result;
    }

    /**
     * Begins another message behind the one whose last replies are on their way: all of it where it is small and BDAT has
     * worked in this session, else what comes before the content. To be called where {@link #send} and {@link #finish} say.
     * Never throws for anything the peer does.
     *
     * @return whether it was begun; if not, nothing of it was sent. It is not where the peer is near, or does not bear it
     */
    public boolean begin(OutboundMessage message) {
        boolean chunks = message.mayBeChunked() && takesChunks() && message.size() <= MAX_AHEAD;
        if (!mayBegin() || message.pipelining() != Pipelining.IFAVAILABLE || (chunks && !knowsChunks)) {
            return false;
        }
        MailTransaction transaction = new MailTransaction(wire, capabilities, parameters, message, chunks);
        if (transaction.begin()) {
            begun = Optional.of(new Begun(transaction, experience.nanoTime().getAsLong()));
        }
        return isFollowed();
    }

    /** Whether {@link #begin} would begin a message that fits. */
    public boolean mayBegin() {
        return far
                && !isFollowed()
                && !wire.isBroken()
                && capabilities.has("PIPELINING")
                && parameters.protocol() == Protocol.ESMTP
                && !experience.following().contains(endpoint());
    }

    /** Whether a message was begun and is to be finished. */
    public boolean isFollowed() {
        return begun.isPresent();
    }

    /**
     * Finishes what was {@linkplain #begin begun}. If the session was lost since, the fault says whether the peer may have a
     * copy of it. Never throws for anything the peer does.
     *
     * @param sent as for {@link #send}
     * @throws IllegalStateException if nothing was begun
     */
    public TransactionResult finish(Runnable sent) {
        Begun next = begun.orElseThrow(() -> new IllegalStateException("no message was begun"));
        begun = Optional.empty();
        boolean soFarSound = !wire.isBroken();
        TransactionResult result = ended(next.transaction(), next.transaction().finish(() -> {
            sentAt = next.transaction().isChunkSent()
                    ? next.sentAt()
                    : experience.nanoTime().getAsLong();
            sent.run();
        }));
        if (soFarSound
                && result.fault().filter(fault -> fault.kind() != Kind.REFUSED).isPresent()) {
            experience.following().add(endpoint());
        }
        return result;
    }

    /** RFC 3030 section 2: content may be on its way before the replies only where both are offered. */
    private boolean takesChunks() {
        return capabilities.has("CHUNKING")
                && capabilities.has("PIPELINING")
                && !experience.chunking().contains(endpoint());
    }

    // Some offer CHUNKING and choke on BDAT: they, or what stands before them, fall silent, hang up or talk nonsense.
    private void learn(TransactionResult result) {
        Optional<Kind> fault = result.fault().map(SmtpFault::kind);
        if (fault.filter(kind -> kind == Kind.CHUNKING_REFUSED).isPresent()
                || !knowsChunks && fault.filter(kind -> kind != Kind.REFUSED).isPresent()) {
            experience.chunking().add(endpoint());
        }
        knowsChunks |= result.isConfirmed();
        chunkUnwanted = fault.isEmpty() && !result.isConfirmed();
    }

    /**
     * Sends RSET.
     *
     * @throws SmtpFault if it was not answered with 2yz; the session is then closed
     */
    public void reset() throws SmtpFault {
        try {
            sayReset();
        } catch (SmtpFault fault) {
            // A peer that does not pass over a chunk it refused answers the lines in it instead.
            if (chunkUnwanted) {
                experience.chunking().add(endpoint());
            }
            throw fault;
        }
    }

    private void sayReset() throws SmtpFault {
        wire.enter(DeliveryStage.RSET);
        SmtpReply reply = wire.exchange(SmtpCommand.RSET, parameters.timeouts().rset(), ReplyLimits.ORDINARY);
        if (!reply.isPositiveCompletion()) {
            throw reply.replyClass() == 3 ? wire.nonsense(reply) : wire.refused(reply);
        }
        transactionOpen = false;
        chunkUnwanted = false;
        wire.enter(DeliveryStage.IDLE);
    }

    /** Sends QUIT, waits for its reply no longer than the limit for it, and closes. Never throws. */
    public void quit() {
        if (wire.isBroken()) {
            return;
        }
        wire.enter(DeliveryStage.IDLE);
        try {
            wire.exchange(SmtpCommand.QUIT, parameters.timeouts().quit(), ReplyLimits.ORDINARY);
            wire.closePolitely(parameters.timeouts().quit());
        } catch (SmtpFault saidAllTheSame) {
            // Whatever was delivered stays delivered.
            wire.close();
        }
    }

    /** Closes without a word. */
    @Override
    public void close() {
        wire.close();
    }
}
