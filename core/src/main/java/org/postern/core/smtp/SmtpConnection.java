// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.Optional;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.sasl.TlsEvidence;

/** One session with one peer. Blocking; used by one thread at a time. Opened by {@link SmtpConnector}. */
public final class SmtpConnection implements AutoCloseable {

    private final Wire wire;
    private final SessionParameters parameters;
    private final Capabilities capabilities;
    private final Optional<TlsEvidence> evidence;
    private final ChunkingRefusals refusals;
    private final AuthWire auth;
    private boolean transactionOpen;
    private boolean knowsChunks;
    private boolean chunkUnwanted;

    SmtpConnection(
            Wire wire,
            SessionParameters parameters,
            Capabilities capabilities,
            Optional<TlsEvidence> evidence,
            ChunkingRefusals refusals) {
        this.wire = wire;
        this.parameters = parameters;
        this.capabilities = capabilities;
        this.evidence = evidence;
        this.refusals = refusals;
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
     * @throws IllegalStateException within an AUTH exchange, where the peer would take a command for a response
     */
    public TransactionResult send(OutboundMessage message) {
        if (auth.isUnfinished()) {
            throw new IllegalStateException("an AUTH exchange is under way");
        }
        boolean chunks = message.mayBeChunked() && takesChunks();
        MailTransaction transaction = new MailTransaction(wire, capabilities, parameters, message, chunks);
        try {
            if (transactionOpen) {
                reset();
            }
        } catch (SmtpFault fault) {
            return transaction.notBegun(fault);
        }
        TransactionResult result = transaction.run();
        transactionOpen = transaction.isOpen();
        if (transaction.isChunkSent()) {
            learn(result);
        }
        return result;
    }

    /** RFC 3030 section 2: content may be on its way before the replies only where both are offered. */
    private boolean takesChunks() {
        return capabilities.has("CHUNKING") && capabilities.has("PIPELINING") && !refusals.contains(endpoint());
    }

    // Some offer CHUNKING and choke on BDAT: they, or what stands before them, fall silent, hang up or talk nonsense.
    private void learn(TransactionResult result) {
        Optional<Kind> fault = result.fault().map(SmtpFault::kind);
        if (fault.filter(kind -> kind == Kind.CHUNKING_REFUSED).isPresent()
                || !knowsChunks && fault.filter(kind -> kind != Kind.REFUSED).isPresent()) {
            refusals.add(endpoint());
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
                refusals.add(endpoint());
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
