// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

/**
 * One MAIL, its RCPTs and DATA (RFC 5321 section 3.3), in one flight where the peer offers PIPELINING (RFC 2920). All
 * replies to a flight are read before anything else is said.
 */
final class MailTransaction {

    /** Commands in one flight; so many replies find room in the sockets' buffers while nobody reads them. */
    private static final int MAX_FLIGHT = 100;

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

    private SmtpReply mail;
    private SmtpReply data;
    private SmtpReply confirmation;
    private boolean open;
    private int asked;
    private int answered;

    MailTransaction(Wire wire, Capabilities capabilities, SessionParameters parameters, OutboundMessage message) {
        this.wire = wire;
        this.capabilities = capabilities;
        this.timeouts = parameters.timeouts();
        this.oneReplyEach = parameters.protocol() == Protocol.LMTP;
        this.message = message;
        this.envelope = message.envelope();
        this.recipients = new SmtpReply[envelope.recipients().size()];
        this.confirmations = new SmtpReply[recipients.length];
    }

    /** Whether the peer still holds a sender and perhaps recipients. */
    boolean isOpen() {
        return open;
    }

    TransactionResult run() {
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
        try {
            return dialogue(content);
        } finally {
            closeQuietly(content);
        }
    }

    private TransactionResult dialogue(InputStream content) {
        try {
            envelopeAndData();
            if (data != null && data.code() == GO_AHEAD) {
                answerGoAhead(content);
            }
            return result(null);
        } catch (SmtpFault fault) {
            return result(fault);
        } catch (RuntimeException | Error bug) {
            wire.close();
            throw bug;
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
                fault == null ? wire.stage() : fault.stage());
    }

    // ---- what needs no question to the peer

    private Optional<SmtpReply> refusalHere() {
        if (capabilities.maxSize().isPresent()
                && message.size() > capabilities.maxSize().getAsLong()) {
            String text = "5.3.4 the message has " + message.size() + " octets and the peer takes at most "
                    + capabilities.maxSize().getAsLong();
            return Optional.of(new SmtpReply(552, List.of(text)));
        }
        if (needsSmtpUtf8() && !capabilities.has("SMTPUTF8")) {
            return Optional.of(new SmtpReply(553, List.of("5.6.7 the message needs SMTPUTF8, which the peer lacks")));
        }
        if (envelope.bodyType() == BodyType.EIGHT_BIT_MIME && !capabilities.has("8BITMIME")) {
            return Optional.of(new SmtpReply(554, List.of("5.6.3 the message needs 8BITMIME, which the peer lacks")));
        }
        return Optional.empty();
    }

    private boolean needsSmtpUtf8() {
        return envelope.smtpUtf8()
                || envelope.sender().filter(MailAddress::needsSmtpUtf8).isPresent()
                || envelope.recipients().stream().anyMatch(MailAddress::needsSmtpUtf8);
    }

    // ---- MAIL, RCPT, DATA

    private void envelopeAndData() throws SmtpFault {
        boolean pipelining = capabilities.has("PIPELINING");
        int flight = pipelining ? MAX_FLIGHT : 1;
        wire.enter(DeliveryStage.MAIL);
        wire.gather(SmtpCommand.mail(envelope, message.size(), capabilities, needsSmtpUtf8()));
        for (int unanswered = 1; asked < recipients.length; unanswered++) {
            if (unanswered == flight) {
                exchangeFlight();
                unanswered = 0;
                if (!mail.isPositiveCompletion()) {
                    return;
                }
            }
            wire.gather(SmtpCommand.rcpt(envelope, asked++, capabilities));
        }
        if (!pipelining) {
            exchangeFlight();
        }
        if (pipelining || isAnyAccepted()) {
            data();
        }
    }

    /** Sends what was gathered and reads the replies to MAIL and RCPT that are due. */
    private void exchangeFlight() throws SmtpFault {
        wire.flush(timeouts.mail());
        if (mail == null) {
            mail = wire.reply(timeouts.mail(), ReplyLimits.ORDINARY);
            open = mail.isPositiveCompletion();
            check(mail);
        }
        for (; answered < asked; answered++) {
            wire.enter(DeliveryStage.RCPT);
            recipients[answered] = wire.reply(timeouts.rcpt(), ReplyLimits.ORDINARY);
            check(recipients[answered]);
        }
    }

    private void data() throws SmtpFault {
        wire.gather(SmtpCommand.DATA);
        exchangeFlight();
        wire.enter(DeliveryStage.DATA);
        data = wire.reply(timeouts.data(), ReplyLimits.ORDINARY);
        if (data.isPositiveCompletion()) {
            throw wire.nonsense(data);
        }
        if (data.code() != GO_AHEAD) {
            check(data);
        }
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
        byte[] piece = new byte[PIECE];
        long total = 0;
        for (int read = read(content, piece); read >= 0; read = read(content, piece)) {
            total += read;
            byte[] block = wire.room(DotStuffing.maxEncoded(read));
            wire.gatheredUpTo(stuffing.encode(piece, read, block, wire.gathered()));
            if (wire.gathered() >= Wire.BLOCK) {
                sendBlock();
            }
        }
        requireAll(total);
        end(stuffing);
        wire.tap().note("content of " + total + " octets sent");
        confirm();
    }

    private int read(InputStream content, byte[] piece) throws SmtpFault {
        try {
            return content.read(piece);
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
        return reply;
    }

    // ---- our own side

    private void requireAll(long total) throws SmtpFault {
        if (total != message.size()) {
            throw unreadable(new IOException("it has " + total + " octets instead of " + message.size()));
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
