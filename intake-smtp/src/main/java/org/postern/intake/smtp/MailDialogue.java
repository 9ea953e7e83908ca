// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.postern.engine.DeliveryEngine;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of a mail transaction: MAIL, RCPT, DATA, BDAT, RSET. */
final class MailDialogue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MailDialogue.class);

    private final SessionContext context;
    private final ListenSettings settings;
    private final Supplier<Optional<DeliveryEngine>> engine;
    private final Input input;
    private final Replies replies;
    private final ByteBuffer view;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final boolean mayRelay;

    private Transaction transaction;
    private ContentScanner chunks;
    private Pace pace;
    private int accepted;
    private boolean acceptanceUnsent;

    MailDialogue(SessionContext context, Input input, Replies replies) {
        this.context = context;
        this.settings = context.settings();
        this.engine = context.engine();
        this.input = input;
        this.replies = replies;
        this.view = ByteBuffer.wrap(input.buffer());
        this.nanoTime = context.nanoTime();
        this.clock = context.clock();
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
        transaction = new Transaction(serving, sender, parameters.smtpUtf8());
        return Reply.SENDER_OK;
    }

    Reply recipient(String argument) throws RefusedException {
        requireEnvelopePhase();
        PathArgument to = PathArgument.parse(argument, "TO:");
        if (!to.parameters().isEmpty()) {
            throw new RefusedException(
                    555,
                    "5.5.4",
                    "parameter " + to.parameters().keySet().iterator().next() + " is not known");
        }
        if (!mayRelay) {
            LOG.info(
                    "{}: relaying denied, the address is not in Relay_Hosts",
                    context.peer().getHostAddress());
            throw new RefusedException(Reply.RELAYING_DENIED);
        }
        if (transaction.recipients().size() >= settings.limits().recipients()) {
            throw new RefusedException(Reply.TOO_MANY_RECIPIENTS);
        }
        transaction.recipients().add(forwardPath(to));
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
        pace = new Pace(nanoTime, settings.limits());
        while (!scanner.ended() && !scanner.broken()) {
            if (tooMuch(scanner)) {
                return refuse(Reply.TOO_BIG).thenClose();
            }
            pass(scanner, Integer.MAX_VALUE);
        }
        return scanner.broken() ? refuse(scanner.flaw().orElseThrow()).thenClose() : finish(scanner);
    }

    // A message that is too big is read to its end, so that the peer sees why; but not for ever.
    private boolean tooMuch(ContentScanner scanner) {
        return scanner.size() / 2 > settings.limits().messageSize();
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

    /** Passes what has come, but at most so many octets, and waits first if nothing has. */
    private int pass(ContentScanner scanner, int atMost) throws IOException {
        if (input.isEmpty()) {
            pace.fill(input);
            acceptanceUnsent = false;
        }
        int start = input.from();
        int end = start + Math.min(input.to() - start, atMost);
        int next = scanner.scan(input.buffer(), start, end);
        if (scanner.flaw().isEmpty()) {
            transaction.write(view.clear().position(start).limit(start + scanner.kept()));
        } else {
            transaction.drop();
        }
        input.consumeTo(next);
        return next - start;
    }

    Reply chunk(String argument, Hello hello) throws IOException, RefusedException {
        Chunk chunk = Chunk.parse(argument);
        Optional<Reply> refusal = beforeChunk(hello);
        if (chunk.size() / 2 > settings.limits().messageSize()) {
            return refuse(refusal.orElse(Reply.TOO_BIG)).thenClose();
        }
        if (refusal.isPresent()) {
            skip(chunk);
            throw new RefusedException(refusal.get());
        }
        receive(chunk);
        return chunk.last() ? endOfChunks() : afterChunk();
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
            pace = new Pace(nanoTime, settings.limits());
            open(hello).ifPresent(chunks::refuse);
        }
        return Optional.empty();
    }

    private void receive(Chunk chunk) throws IOException {
        long left = chunk.size();
        while (left > 0 && !chunks.broken()) {
            left -= pass(chunks, (int) Math.min(left, Input.SIZE));
        }
        discard(left);
    }

    private void skip(Chunk chunk) throws IOException {
        pace = new Pace(nanoTime, settings.limits());
        discard(chunk.size());
    }

    private void discard(long octets) throws IOException {
        long left = octets;
        while (left > 0) {
            if (input.isEmpty()) {
                pace.fill(input);
            }
            int n = (int) Math.min(left, input.to() - input.from());
            input.consumeTo(input.from() + n);
            left -= n;
        }
    }

    // After a refused chunk the rest is refused likewise until RSET, BDAT LAST or EHLO (RFC 3030 section 2).
    private Reply afterChunk() {
        transaction.failure().ifPresent(chunks::refuse);
        return chunks.flaw().orElse(Reply.CHUNK_OK);
    }

    private Reply endOfChunks() throws IOException {
        chunks.endOfChunks();
        return finish(chunks);
    }

    private Reply finish(ContentScanner scanner) throws IOException {
        transaction.failure().ifPresent(scanner::refuse);
        if (scanner.flaw().isPresent()) {
            return refuse(scanner.flaw().get());
        }
        // An acceptance that was not told yet does not wait for another message to become safe.
        if (acceptanceUnsent) {
            replies.flush();
            acceptanceUnsent = false;
        }
        Optional<MessageId> id = transaction.accept(scanner.eightBit());
        return id.isPresent()
                ? accepted(id.get())
                : refuse(transaction.failure().orElseThrow());
    }

    private Reply accepted(MessageId id) {
        accepted++;
        LOG.debug("{}: accepted {} as {}-{}", context.peer().getHostAddress(), id, context.token(), accepted);
        acceptanceUnsent = true;
        close();
        return Reply.of(250, "2.0.0", "accepted as " + id);
    }

    private Reply refuse(Reply reason) {
        LOG.info("{}: message refused: {}", context.peer().getHostAddress(), reason);
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
