// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

/**
 * One MAIL, its RCPTs and DATA (RFC 5321 section 3.3), in one flight where the peer offers PIPELINING (RFC 2920). Where it
 * offers CHUNKING as well (RFC 3030), content that is small and passes the {@link ChunkCheck} is in that flight too. All
 * replies to a flight are read before anything else is said.
 */
final class MailTransaction {

    /** Commands in one flight; so many replies find room in the sockets' buffers while nobody reads them. */
    private static final int MAX_FLIGHT = 100;

    /** Commands of a flight that are not RCPT, at most. */
    private static final int AROUND = 3;

    /** Octets of content that are sent to recipients who may yet be refused, and kept in memory for it. */
    static final int MAX_CHUNK = 64 * 1024;

    /** What peers say to a command that they do not know (RFC 5321 section 4.2.4 and the field). */
    private static final Set<Integer> NO_BDAT = Set.of(500, 501, 502, 503, 504);

    private static final int PIECE = 8 * 1024;
    private static final int GO_AHEAD = 354;
    private static final int CLOSING = 421;

    private final Wire wire;
    private final Capabilities capabilities;
    private final SmtpTimeouts timeouts;
    private final OutboundMessage message;
    private final Envelope envelope;
    private final SmtpReply[] recipients;
    private final SmtpReply[] confirmations;
    private final boolean oneReplyEach;
    private final boolean chunks;
    private final boolean smtpUtf8;
    private Runnable whenSent = () -> {};
    private InputStream begun = InputStream.nullInputStream();

    private SmtpReply mail;
    private SmtpReply data;
    private SmtpReply confirmation;
    private boolean open;
    private int asked;
    private int answered;
    private boolean chunkSent;

    /** @param chunks whether the peer can take content by BDAT before it has said anything */
    MailTransaction(
            Wire wire,
            Capabilities capabilities,
            SessionParameters parameters,
            OutboundMessage message,
            boolean chunks) {
        this.wire = wire;
        this.capabilities = capabilities;
        this.timeouts = parameters.timeouts();
        this.oneReplyEach = parameters.protocol() == Protocol.LMTP;
        this.message = message;
        this.chunks = chunks && message.size() <= MAX_CHUNK;
        this.envelope = message.envelope();
        this.smtpUtf8 = needsSmtpUtf8(envelope);
        this.recipients = new SmtpReply[envelope.recipients().size()];
        this.confirmations = new SmtpReply[recipients.length];
    }

    /** Whether the peer still holds a sender and perhaps recipients. */
    boolean isOpen() {
        return open;
    }

    /** Whether the content went out by BDAT, with its envelope. */
    boolean isChunkSent() {
        return chunkSent;
    }

    /** @param sent called once all of it is sent and its last replies are on their way */
    TransactionResult run(Runnable sent) {
        whenSent = sent;
        wire.enter(DeliveryStage.IDLE);
        Optional<SmtpReply> refusal = refusalHere();
        if (refusal.isPresent()) {
            mail = refusal.get();
            return result(null);
        }
        InputStream content;
        try {
            content = message.openContent();
        } catch (IOException | RuntimeException unreadable) {
            return result(unreadable(unreadable));
        }
        return dialogue(content, () -> {
            if (envelope()) {
                send(content);
            }
        });
    }

    private interface Dialogue {
        void run() throws SmtpFault;
    }

    private TransactionResult dialogue(InputStream content, Dialogue dialogue) {
        try {
            dialogue.run();
            return result(null);
        } catch (SmtpFault fault) {
            return result(fault);
        } catch (RuntimeException | Error bug) {
            wire.close();
            throw bug;
        } finally {
            closeQuietly(content);
        }
    }

    private static void closeQuietly(InputStream content) {
        try {
            content.close();
        } catch (IOException | RuntimeException readAllTheSame) {
            // What was read was read; it must not turn a delivery into a failure.
        }
    }

    TransactionResult notBegun(SmtpFault fault) {
        return result(fault);
    }

    // ---- behind another message

    /**
     * Sends what can be sent while the replies to the message before it are on their way: the whole where it goes by BDAT,
     * else up to DATA. RSET goes first, so that nothing depends on what becomes of that message (RFC 2920 section 3.1).
     *
     * @return whether it was begun; if not, nothing was sent
     */
    boolean begin() {
        if (recipients.length + AROUND > MAX_FLIGHT || refusalHere().isPresent()) {
            return false;
        }
        try {
            begun = message.openContent();
            gatherAhead();
        } catch (IOException | RuntimeException unreadable) {
            // Whoever tries it by itself is told why.
            closeQuietly(begun);
            wire.forget();
            return false;
        }
        wire.sendAhead(longer(timeouts.mail(), timeouts.block()));
        return true;
    }

    private void gatherAhead() throws IOException {
        wire.gather(SmtpCommand.RSET);
        wire.gather(SmtpCommand.mail(envelope, message.size(), capabilities, smtpUtf8));
        while (asked < recipients.length) {
            wire.gather(SmtpCommand.rcpt(envelope, asked++, capabilities));
        }
        if (!chunks) {
            wire.gather(SmtpCommand.DATA);
            return;
        }
        Chunk chunk = load(begun);
        if (!chunk.mayGoUnannounced()) {
            throw new IOException("the content has to be announced");
        }
        gather(chunk);
        wire.tap().note("content of " + message.size() + " octets sent");
        chunkSent = true;
    }

    /**
     * Goes on with what was {@linkplain #begin begun}, after all replies to the message before it.
     *
     * @param sent as for {@link #run}
     */
    TransactionResult finish(Runnable sent) {
        whenSent = sent;
        return dialogue(begun, () -> {
            wire.enter(DeliveryStage.RSET);
            if (chunkSent) {
                tellSent();
            }
            SmtpReply reset = hearReset();
            wire.enter(DeliveryStage.MAIL);
            if (chunkSent) {
                hearChunk();
            } else {
                hearGoAhead(begun);
            }
            requireOwn(reset);
        });
    }

    private SmtpReply hearReset() throws SmtpFault {
        wire.requireWhole();
        SmtpReply reply = wire.reply(patience(timeouts.rset()), ReplyLimits.ORDINARY);
        check(reply);
        return reply;
    }

    /**
     * What came behind a RSET that was refused is with the peer all the same, and its replies hold. But that MAIL is refused
     * then says nothing of this message.
     */
    private void requireOwn(SmtpReply reset) throws SmtpFault {
        if (!reset.isPositiveCompletion() && !mail.isPositiveCompletion()) {
            wire.enter(DeliveryStage.RSET);
            throw wire.refused(reset);
        }
    }

    /** What is sent meanwhile has stages of its own. */
    private void tellSent() {
        DeliveryStage here = wire.stage();
        whenSent.run();
        wire.enter(here);
    }

    // ---- what it came to

    private TransactionResult result(SmtpFault fault) {
        List<RecipientReply> replies = new ArrayList<>(recipients.length);
        for (int i = 0; i < recipients.length; i++) {
            MailAddress recipient = envelope.recipients().get(i);
            replies.add(new RecipientReply(
                    recipient, Optional.ofNullable(recipients[i]), Optional.ofNullable(confirmations[i])));
        }
        return new TransactionResult(
                Optional.ofNullable(mail),
                replies,
                Optional.ofNullable(data),
                Optional.ofNullable(confirmation),
                Optional.ofNullable(fault),
                stage(fault));
    }

    /** Once the content is on its way, the peer may have all of it before its first reply is here. */
    private DeliveryStage stage(SmtpFault fault) {
        if (fault == null) {
            return wire.stage();
        }
        boolean refused = fault.kind() == Kind.REFUSED || fault.kind() == Kind.CHUNKING_REFUSED;
        return chunkSent && !refused && isAnyUndecided() ? DeliveryStage.CONFIRMATION : fault.stage();
    }

    private boolean isAnyUndecided() {
        return mayBePositive(mail) && Arrays.stream(recipients).anyMatch(MailTransaction::mayBePositive);
    }

    private static boolean mayBePositive(SmtpReply reply) {
        return reply == null || reply.isPositiveCompletion();
    }

    // ---- what needs no question to the peer

    private Optional<SmtpReply> refusalHere() {
        if (capabilities.maxSize().isPresent()
                && message.size() > capabilities.maxSize().getAsLong()) {
            String text = "5.3.4 the message has " + message.size() + " octets and the peer takes at most "
                    + capabilities.maxSize().getAsLong();
            return Optional.of(new SmtpReply(552, List.of(text)));
        }
        if (smtpUtf8 && !capabilities.has("SMTPUTF8")) {
            return Optional.of(new SmtpReply(553, List.of("5.6.7 the message needs SMTPUTF8, which the peer lacks")));
        }
        if (envelope.bodyType() == BodyType.EIGHT_BIT_MIME && !capabilities.has("8BITMIME")) {
            return Optional.of(new SmtpReply(554, List.of("5.6.3 the message needs 8BITMIME, which the peer lacks")));
        }
        return Optional.empty();
    }

    private static boolean needsSmtpUtf8(Envelope envelope) {
        return envelope.smtpUtf8()
                || envelope.sender().filter(MailAddress::needsSmtpUtf8).isPresent()
                || envelope.recipients().stream().anyMatch(MailAddress::needsSmtpUtf8);
    }

    // ---- MAIL, RCPT, DATA

    /** Gathers the envelope and sends as much of it as has to be. Returns whether anybody may want the content. */
    private boolean envelope() throws SmtpFault {
        boolean pipelining = capabilities.has("PIPELINING") && message.pipelining() != Pipelining.NO;
        int flight = pipelining ? MAX_FLIGHT : 1;
        wire.enter(DeliveryStage.MAIL);
        wire.gather(SmtpCommand.mail(envelope, message.size(), capabilities, smtpUtf8));
        for (int unanswered = 1; asked < recipients.length; unanswered++) {
            if (unanswered == flight) {
                exchangeFlight();
                unanswered = 0;
                if (!mail.isPositiveCompletion()) {
                    return false;
                }
            }
            wire.gather(SmtpCommand.rcpt(envelope, asked++, capabilities));
        }
        if (!pipelining) {
            exchangeFlight();
        }
        return pipelining || isAnyAccepted();
    }

    /** Sends what was gathered and reads the replies to MAIL and RCPT that are due. */
    private void exchangeFlight() throws SmtpFault {
        wire.flush(timeouts.mail());
        readReplies();
    }

    private void readReplies() throws SmtpFault {
        if (mail == null) {
            mail = wire.reply(patience(timeouts.mail()), ReplyLimits.ORDINARY);
            open = mail.isPositiveCompletion();
            check(mail);
        }
        for (; answered < asked; answered++) {
            wire.enter(DeliveryStage.RCPT);
            recipients[answered] = wire.reply(patience(timeouts.rcpt()), ReplyLimits.ORDINARY);
            check(recipients[answered]);
        }
    }

    /** Many a peer answers a flight at its end: behind a chunk, when it has done with the content. */
    private Duration patience(Duration usual) {
        return chunkSent ? longer(usual, timeouts.confirmation()) : usual;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void check(SmtpReply reply) throws SmtpFault {
        if (reply.code() == CLOSING) {
            throw wire.refused(reply);
        }
        if (reply.replyClass() == 3) {
            throw wire.nonsense(reply);
        }
    }

    private boolean isAnyAccepted() {
        for (SmtpReply reply : recipients) {
            if (reply != null && reply.isPositiveCompletion()) {
                return true;
            }
        }
        return false;
    }

    // ---- content

    private void send(InputStream content) throws SmtpFault {
        if (chunks) {
            byChunk(content);
        } else {
            byData(content);
        }
    }

    // ---- content by BDAT

    /** Content that was read to where it would leave from, behind what is gathered and the command. */
    private record Chunk(SmtpCommand bdat, byte[] block, int start, int end) {

        boolean mayGoUnannounced() {
            return ChunkCheck.passes(block, start, end);
        }

        InputStream content() {
            return new ByteArrayInputStream(Arrays.copyOfRange(block, start, end));
        }
    }

    private void byChunk(InputStream content) throws SmtpFault {
        Chunk chunk;
        try {
            chunk = load(content);
        } catch (IOException | RuntimeException unreadable) {
            wire.enter(DeliveryStage.BODY);
            throw unreadable(unreadable);
        }
        if (chunk.mayGoUnannounced()) {
            gather(chunk);
            sendChunk();
        } else {
            byData(chunk.content());
        }
    }

    private Chunk load(InputStream content) throws IOException {
        SmtpCommand bdat = SmtpCommand.bdat(message.size());
        int start = wire.gathered() + bdat.octets().length;
        int end = start + (int) message.size();
        byte[] block = wire.room(end - wire.gathered());
        int read = content.readNBytes(block, start, end - start);
        checkLength(start + read < end || content.read() < 0 ? read : message.size() + 1);
        return new Chunk(bdat, block, start, end);
    }

    private void gather(Chunk chunk) {
        wire.gather(chunk.bdat());
        wire.gatheredUpTo(chunk.end());
    }

    private void sendChunk() throws SmtpFault {
        wire.requireListener();
        chunkSent = true;
        wire.send(longer(timeouts.mail(), timeouts.block()));
        wire.tap().note("content of " + message.size() + " octets sent");
        tellSent();
        hearChunk();
    }

    private void hearChunk() throws SmtpFault {
        readReplies();
        if (mail.isPositiveCompletion() && isAnyAccepted()) {
            wire.enter(DeliveryStage.CONFIRMATION);
            confirm();
        } else {
            hearRefusal();
        }
    }

    /** There was nobody to take the content for. */
    private void hearRefusal() throws SmtpFault {
        wire.enter(DeliveryStage.DATA);
        data = wire.reply(timeouts.confirmation(), ReplyLimits.ORDINARY);
        if (data.isPositiveCompletion()) {
            throw wire.nonsense(data);
        }
        check(data);
    }

    // ---- content by DATA

    private void byData(InputStream content) throws SmtpFault {
        wire.gather(SmtpCommand.DATA);
        wire.flush(timeouts.mail());
        hearGoAhead(content);
    }

    private void hearGoAhead(InputStream content) throws SmtpFault {
        readReplies();
        hearData();
        if (data.code() == GO_AHEAD) {
            answerGoAhead(content);
        }
    }

    private void hearData() throws SmtpFault {
        wire.enter(DeliveryStage.DATA);
        data = wire.reply(timeouts.data(), ReplyLimits.ORDINARY);
        if (data.isPositiveCompletion()) {
            throw wire.nonsense(data);
        }
        if (data.code() != GO_AHEAD) {
            check(data);
        }
    }

    private void answerGoAhead(InputStream content) throws SmtpFault {
        if (!isAnyAccepted() && !oneReplyEach) {
            sayNothing();
        } else if (mail.isPositiveCompletion() && isAnyAccepted()) {
            sendContent(content);
        } else {
            // A peer this confused might deliver even an empty message.
            throw wire.nonsense(data);
        }
    }

    /** RFC 2920 section 3.1: the peer wants content for nobody, and gets none. */
    private void sayNothing() throws SmtpFault {
        wire.gather(SmtpCommand.END);
        wire.flush(timeouts.data());
        check(wire.reply(timeouts.confirmation(), ReplyLimits.ORDINARY));
    }

    private void sendContent(InputStream content) throws SmtpFault {
        wire.enter(DeliveryStage.BODY);
        DotStuffing stuffing = new DotStuffing();
        long total = 0;
        for (int read = sendPiece(content, stuffing); read >= 0; read = sendPiece(content, stuffing)) {
            total += read;
        }
        requireAll(total);
        end(stuffing);
        wire.tap().note("content of " + total + " octets sent");
        tellSent();
        confirm();
    }

    /** A piece is read behind the room for what it becomes, and goes there octet by octet. */
    private int sendPiece(InputStream content, DotStuffing stuffing) throws SmtpFault {
        byte[] block = wire.room(DotStuffing.maxEncoded(PIECE));
        int start = wire.gathered() + DotStuffing.maxEncoded(PIECE) - PIECE;
        int read = read(content, block, start, PIECE);
        wire.gatheredUpTo(stuffing.encode(block, start, start + Math.max(0, read), block, wire.gathered()));
        if (wire.gathered() >= Wire.BLOCK) {
            sendBlock();
        }
        return read;
    }

    private int read(InputStream content, byte[] into, int at, int most) throws SmtpFault {
        try {
            return content.read(into, at, most);
        } catch (IOException | RuntimeException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private void sendBlock() throws SmtpFault {
        listenForRefusal();
        try {
            wire.send(timeouts.block());
        } catch (SmtpFault fault) {
            confirmation = fault.reply().orElse(null);
            throw fault;
        }
    }

    private void end(DotStuffing stuffing) throws SmtpFault {
        listenForRefusal();
        wire.gatheredUpTo(stuffing.end(wire.room(DotStuffing.MAX_END), wire.gathered()));
        // From here on the peer may have a complete message, even if this side sees an error.
        wire.enter(DeliveryStage.CONFIRMATION);
        wire.send(timeouts.block());
    }

    /** A peer that answers before the end has made up its mind; it gets no end, so that there is no doubt. */
    private void listenForRefusal() throws SmtpFault {
        if (wire.isAnswered()) {
            SmtpReply early = wire.reply(timeouts.block(), ReplyLimits.ORDINARY);
            if (early.replyClass() < 4) {
                throw wire.nonsense(early);
            }
            confirmation = early;
            throw wire.refused(early);
        }
    }

    private void confirm() throws SmtpFault {
        SmtpReply reply = oneReplyEach ? confirmEach() : finalReply();
        confirmation = reply;
        open = false;
        check(reply);
    }

    /** Returns the last one. If the connection is lost among them, those that came hold all the same. */
    private SmtpReply confirmEach() throws SmtpFault {
        SmtpReply last = null;
        for (int i = 0; i < recipients.length; i++) {
            if (recipients[i].isPositiveCompletion()) {
                last = finalReply();
                confirmations[i] = last;
            }
        }
        return last;
    }

    private SmtpReply finalReply() throws SmtpFault {
        SmtpReply reply = wire.reply(timeouts.confirmation(), ReplyLimits.ORDINARY);
        if (reply.replyClass() == 3) {
            throw wire.nonsense(reply);
        }
        if (chunkSent
                && NO_BDAT.contains(reply.code())
                && Arrays.stream(confirmations).allMatch(Objects::isNull)) {
            wire.enter(DeliveryStage.DATA);
            String text = "the peer offers CHUNKING and refuses BDAT: " + reply;
            throw wire.fault(Kind.CHUNKING_REFUSED, text, reply, null);
        }
        return reply;
    }

    // ---- our own side

    private void requireAll(long total) throws SmtpFault {
        try {
            checkLength(total);
        } catch (IOException wrong) {
            throw unreadable(wrong);
        }
    }

    private void checkLength(long total) throws IOException {
        if (total != message.size()) {
            throw new IOException("it has " + total + " octets instead of " + message.size());
        }
    }

    /** Half a message must never look like a whole one, so the connection is cut, unless nothing was said yet. */
    private SmtpFault unreadable(Exception cause) {
        String text = "the content could not be read: " + PeerText.of(cause);
        return wire.stage() == DeliveryStage.IDLE
                ? new SmtpFault(DeliveryStage.IDLE, Kind.CONTENT_UNREADABLE, text, null, cause)
                : wire.fault(Kind.CONTENT_UNREADABLE, text, null, cause);
    }
}
