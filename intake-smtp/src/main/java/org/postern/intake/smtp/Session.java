// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One peer's session, from the greeting to the end (RFC 5321 section 3). Used by one thread, except {@link #busy}. */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    // A web page can make a browser post to a port on its own machine, where relaying is allowed.
    private static final Set<String> WORDS_OF_HTTP =
            Set.of("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PATCH", "PRI", "HOST:");

    private final SessionContext context;
    private final Limits limits;
    private final Wire wire;
    private final Replies replies;
    private final Input input;
    private final MailDialogue mail;

    private Hello hello;
    private int errors;
    private int acceptedBefore;
    private boolean goodbye;
    private volatile boolean busy;

    Session(SessionContext context, Wire wire) {
        this.context = context;
        this.limits = context.settings().limits();
        this.wire = wire;
        this.replies = new Replies(wire);
        this.input = new Input(wire, replies, context.nanoTime(), limits.lineLength());
        this.mail = new MailDialogue(context, input, replies);
    }

    /** Whether a transaction is under way, which should not be cut off. May be asked by any thread. */
    boolean busy() {
        return busy;
    }

    /**
     * Talks until one side ends it. All that had a reply was sent it.
     *
     * @return whether the peer took leave, so that nothing more is to be expected from it
     */
    boolean run() throws IOException {
        try (mail) {
            converse();
        } catch (SocketTimeoutException tooSlow) {
            replies.send(Reply.TIMED_OUT);
        } catch (EOFException gone) {
            if (context.closing().getAsBoolean()) {
                replies.send(Reply.GOING_DOWN);
            }
        }
        replies.flush();
        return goodbye;
    }

    private void converse() throws IOException {
        if (wire.hasInput()) {
            replies.send(Reply.EARLY_TALK);
            return;
        }
        replies.send(Reply.plain(220, context.settings().hostname() + " ESMTP Postern"));
        Reply reply;
        do {
            reply = next();
            replies.send(reply);
        } while (!reply.last());
    }

    private Reply next() throws IOException {
        if (context.closing().getAsBoolean() && !mail.inTransaction()) {
            return Reply.GOING_DOWN;
        }
        if (errors > limits.errors()) {
            LOG.info("{}: too many errors, closing", context.peer().getHostAddress());
            return Reply.TOO_MANY_ERRORS;
        }
        Reply reply = answer(input.readLine(limits.commandTimeout().toNanos()));
        busy = mail.inTransaction();
        return reply;
    }

    private Reply answer(Line line) throws IOException {
        return switch (line) {
            case Line.Text command -> answer(command.text());
            case Line.TooLong tooLong ->
                count(Reply.of(500, "5.5.2", "line is longer than " + limits.lineLength() + " octets"));
            case Line.NotUtf8 notUtf8 -> count(Reply.of(500, "5.5.2", "line is neither ASCII nor UTF-8"));
            case Line.BadEnd end ->
                Reply.of(500, "5.5.2", end.what() + " in a command, lines end with CRLF; closing")
                        .thenClose();
            case Line.Endless endless ->
                Reply.of(500, "5.5.2", "line does not end, closing").thenClose();
        };
    }

    private Reply answer(String line) throws IOException {
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1).strip();
        Reply reply;
        try {
            reply = perform(verb, argument);
        } catch (RefusedException refused) {
            reply = refused.reply();
        }
        // A host that may relay and has bad addresses in its list is not an intruder.
        return verb.equals("RCPT") && mail.mayRelay() ? reply : count(reply);
    }

    private Reply count(Reply reply) {
        if (mail.accepted() > acceptedBefore) {
            acceptedBefore = mail.accepted();
            errors = 0;
        }
        errors += reply.code() >= 500 ? 1 : 0;
        return reply;
    }

    private Reply perform(String verb, String argument) throws IOException, RefusedException {
        return switch (verb) {
            case "MAIL" -> mail(argument);
            case "RCPT" -> mail.recipient(argument, hello);
            case "DATA" -> {
                requireNoArgument(argument);
                yield mail.data(hello);
            }
            case "BDAT" -> mail.chunk(argument, hello);
            case "EHLO" -> hello(argument, true);
            case "HELO" -> hello(argument, false);
            case "RSET" -> {
                requireNoArgument(argument);
                yield mail.reset();
            }
            case "NOOP" -> Reply.OK;
            case "QUIT" -> {
                requireNoArgument(argument);
                goodbye = true;
                yield Reply.GOODBYE;
            }
            case "VRFY" -> argument.isEmpty() ? Reply.of(501, "5.5.4", "name is missing") : Reply.NOT_VERIFIED;
            case "HELP" -> Reply.HELP;
            case "EXPN", "AUTH", "STARTTLS", "ETRN" -> Reply.NOT_OFFERED;
            default -> WORDS_OF_HTTP.contains(verb) ? Reply.OTHER_PROTOCOL : Reply.UNKNOWN_COMMAND;
        };
    }

    private static void requireNoArgument(String argument) throws RefusedException {
        if (!argument.isEmpty()) {
            throw new RefusedException(Reply.NO_ARGUMENT);
        }
    }

    private Reply hello(String name, boolean extended) throws RefusedException {
        if (name.isEmpty()) {
            throw new RefusedException(Reply.NAME_MISSING);
        }
        mail.reset();
        hello = new Hello(name, extended);
        String hostname = context.settings().hostname();
        return extended
                ? Reply.plain(
                        250,
                        hostname,
                        "PIPELINING",
                        "SIZE " + limits.messageSize(),
                        "8BITMIME",
                        "SMTPUTF8",
                        "DSN",
                        "CHUNKING",
                        "ENHANCEDSTATUSCODES",
                        "HELP")
                : Reply.plain(250, hostname);
    }

    private Reply mail(String argument) throws RefusedException {
        if (hello == null) {
            throw new RefusedException(Reply.EHLO_FIRST);
        }
        // In this order: whoever closes the listener looks at busy after it has said so.
        busy = true;
        return context.closing().getAsBoolean() && !mail.inTransaction()
                ? Reply.GOING_DOWN
                : mail.mail(argument, hello);
    }
}
