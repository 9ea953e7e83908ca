// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.engine.BindingRequest;
import org.postern.engine.DeliveryEngine;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.SubmittingClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of a mail transaction: MAIL, RCPT, DATA, BDAT, RSET. */
final class MailDialogue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MailDialogue.class);

    private final SessionContext context;
    private final ListenSettings settings;
    private final Supplier<Optional<DeliveryEngine>> engine;
    private final ContentFlow flow;
    private final Replies replies;
    private final Clock clock;
    private final boolean mayRelay;
    private final String peer;

    private Hello introduced;
    private Map<String, String> client = Map.of();
    private Transaction transaction;
    private ContentScanner chunks;
    private int accepted;
    private boolean acceptanceUnsent;

    MailDialogue(SessionContext context, Input input, Replies replies) {
        this.context = context;
        this.settings = context.settings();
        this.engine = context.engine();
        this.replies = replies;
        this.flow = new ContentFlow(input, settings.limits(), context.nanoTime());
        this.clock = context.clock();
        this.peer = context.peer().getHostAddress();
        this.mayRelay = settings.relayHosts().include(context.peer());
    }

    boolean inTransaction() {
        return transaction != null;
    }

    boolean mayRelay() {
        return mayRelay;
    }

    /** How many messages were accepted. */
    int accepted() {
        return accepted;
    }

    Reply mail(String argument, Hello hello) throws RefusedException {
        if (transaction != null) {
            throw new RefusedException(chunks == null ? Reply.NESTED_MAIL : Reply.CHUNKS_BEGUN);
        }
        PathArgument from = PathArgument.parse(argument, "FROM:");
        MailParameters parameters = MailParameters.read(from, hello, settings.limits());
        Optional<MailAddress> sender =
                from.path().isEmpty() ? Optional.empty() : Optional.of(from.address(parameters.smtpUtf8(), "5.1.7"));
        DeliveryEngine serving = engine.get().orElseThrow(() -> new RefusedException(Reply.NO_ENGINE));
        transaction = new Transaction(serving, sender, parameters, context.complaints());
        return Reply.SENDER_OK;
    }

    Reply recipient(String argument, Hello hello) throws RefusedException {
        requireEnvelopePhase();
        PathArgument to = PathArgument.parse(argument, "TO:");
        DsnRequest.Recipient wish = RecipientParameters.read(to, hello);
        if (!mayRelay) {
            LOG.info("{}: relaying denied, the address is not in Relay_Hosts", peer);
            throw new RefusedException(Reply.RELAYING_DENIED);
        }
        if (transaction.recipients().size() >= settings.limits().recipients()) {
            throw new RefusedException(Reply.TOO_MANY_RECIPIENTS);
        }
        transaction.add(forwardPath(to), wish);
        return Reply.RECIPIENT_OK;
    }

    // RFC 5321 section 4.5.1: the postmaster is known without a domain, and is then that of this host.
    private MailAddress forwardPath(PathArgument to) throws RefusedException {
        return to.path().equalsIgnoreCase("postmaster")
                ? new PathArgument(to.path() + "@" + settings.hostname(), to.parameters()).address(true, "5.1.3")
                : to.address(transaction.smtpUtf8(), "5.1.3");
    }

    private void requireEnvelopePhase() throws RefusedException {
        if (transaction == null) {
            throw new RefusedException(Reply.MAIL_FIRST);
        }
        if (chunks != null) {
            throw new RefusedException(Reply.CHUNKS_BEGUN);
        }
    }

    Reply reset() {
        close();
        return Reply.OK;
    }

    Reply data(Hello hello) throws RefusedException, IOException {
        requireEnvelopePhase();
        if (transaction.recipients().isEmpty()) {
            throw new RefusedException(Reply.NO_RECIPIENTS);
        }
        Optional<Reply> failure = open(hello);
        if (failure.isPresent()) {
            throw new RefusedException(failure.get());
        }
        replies.send(Reply.SEND_CONTENT);
        ContentScanner scanner = ContentScanner.ofData(settings.limits());
        if (!flow.passData(scanner, transaction)) {
            return refuse(Reply.TOO_BIG).thenClose();
        }
        return scanner.broken() ? refuse(scanner.flaw().orElseThrow()).thenClose() : finish(scanner, hello);
    }

    private Optional<Reply> open(Hello hello) {
        byte[] top = settings.addReceived()
                ? new ReceivedField(settings.hostname(), context.peer())
                        .write(
                                hello,
                                context.token() + "-" + (accepted + 1),
                                transaction.smtpUtf8(),
                                transaction.recipients(),
                                clock.instant())
                : new byte[0];
        return transaction.open(top);
    }

    Reply chunk(String argument, Hello hello) throws IOException, RefusedException {
        Chunk chunk = Chunk.parse(argument);
        Optional<Reply> refusal = beforeChunk(hello);
        if (flow.exceeds(chunk.size())) {
            return refuse(refusal.orElse(Reply.TOO_BIG)).thenClose();
        }
        if (refusal.isPresent()) {
            flow.begin();
            flow.discard(chunk.size());
            throw new RefusedException(refusal.get());
        }
        flow.passChunk(chunk, chunks, transaction);
        return chunk.last() ? endOfChunks(hello) : afterChunk();
    }

    private Optional<Reply> beforeChunk(Hello hello) {
        if (transaction == null) {
            return Optional.of(Reply.MAIL_FIRST);
        }
        if (transaction.recipients().isEmpty()) {
            return Optional.of(Reply.NO_RECIPIENTS);
        }
        if (chunks == null) {
            chunks = ContentScanner.ofChunks(settings.limits());
            flow.begin();
            open(hello).ifPresent(chunks::refuse);
        }
        return Optional.empty();
    }

    // After a refused chunk the rest is refused likewise until RSET, BDAT LAST or EHLO (RFC 3030 section 2).
    private Reply afterChunk() {
        transaction.failure().ifPresent(chunks::refuse);
        return chunks.flaw().orElse(Reply.CHUNK_OK);
    }

    private Reply endOfChunks(Hello hello) throws IOException {
        chunks.endOfChunks();
        return finish(chunks, hello);
    }

    private Reply finish(ContentScanner scanner, Hello hello) throws IOException {
        transaction.failure().ifPresent(scanner::refuse);
        if (scanner.flaw().isPresent()) {
            return refuse(scanner.flaw().get());
        }
        // An acceptance that was not told yet does not wait for another message to become safe.
        if (acceptanceUnsent) {
            replies.flush();
            acceptanceUnsent = false;
        }
        Optional<MessageId> id = transaction.accept(scanner.eightBit(), binding(), client(hello));
        return id.isPresent()
                ? accepted(id.get())
                : refuse(transaction.failure().orElseThrow());
    }

    // The DNS is not asked what the address is called.
    private Map<String, String> client(Hello hello) {
        if (hello != introduced) {
            introduced = hello;
            client = new SubmittingClient(
                            Optional.empty(),
                            Optional.of(PeerAddress.text(context.peer())),
                            Optional.of(Integer.toString(context.port())),
                            Optional.of(hello.name()),
                            Optional.of(hello.protocol()))
                    .variables();
        }
        return client;
    }

    // Whoever chooses the binding chooses the account that the message goes out by.
    private BindingRequest binding() {
        return new BindingRequest(settings.defaultBinding(), mayRelay && settings.honourBindingField());
    }

    private Reply accepted(MessageId id) {
        accepted++;
        LOG.debug("{}: accepted {} as {}-{}", peer, id, context.token(), accepted);
        acceptanceUnsent = true;
        close();
        return Reply.of(250, "2.0.0", "accepted as " + id);
    }

    private Reply refuse(Reply reason) {
        LOG.info("{}: message refused: {}", peer, reason);
        close();
        return reason;
    }

    /** Drops the transaction. */
    @Override
    public void close() {
        if (transaction != null) {
            transaction.close();
        }
        transaction = null;
        chunks = null;
    }
}
