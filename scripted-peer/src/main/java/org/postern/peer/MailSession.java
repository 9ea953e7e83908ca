// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The server's side of one SMTP session (RFC 5321). Used by one thread. */
final class MailSession {

    private static final int MOST_LINE = 12_288;
    private static final int MOST_RECIPIENTS = 10_000;

    private final MailPeer peer;
    private final MailPeer.Builder settings;
    private final int connection;
    private final Wire wire;
    private final ContentBuffer content;

    private boolean open = true;
    private boolean greeted;
    private long taken;
    private String user;
    private String mechanism;

    private String mailFrom;
    private String mailParameters = "";
    private boolean chunks;
    private List<String> recipients = new ArrayList<>();

    MailSession(MailPeer peer, int connection, Wire wire) {
        this.peer = peer;
        this.settings = peer.settings();
        this.connection = connection;
        this.wire = wire;
        this.content = new ContentBuffer(settings.countsOnly(), settings.mostContent());
    }

    /** Serves the client until one of both ends the session. */
    void run() throws IOException, InterruptedException {
        if (settings.isImplicitTls()) {
            wire.startTls(peer.tls(), settings.requiresClientCertificate());
        }
        replyAt(Stage.CONNECT, "", "220 " + settings.name() + " ESMTP");
        try {
            while (open) {
                byte[] line = wire.line(MOST_LINE);
                if (line == null) {
                    return;
                }
                command(new String(line, StandardCharsets.UTF_8).stripTrailing());
            }
            wire.endOutput();
        } catch (LineTooLongException e) {
            end("500 5.5.2 " + e.getMessage());
        } catch (SocketTimeoutException e) {
            end("421 4.4.2 " + settings.name() + " waited too long");
        }
    }

    private void end(String reply) throws IOException, InterruptedException {
        reply(reply);
        wire.endOutput();
    }

    private void command(String line) throws IOException, InterruptedException {
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1).strip();
        switch (verb) {
            case "EHLO" -> hello(argument, true, false);
            case "HELO" -> hello(argument, false, false);
            case "LHLO" -> hello(argument, true, true);
            case "STARTTLS" -> startTls();
            case "XCLIENT" -> client(argument);
            case "AUTH" -> authenticate(argument);
            case "MAIL" -> mail(argument);
            case "RCPT" -> recipient(argument);
            case "DATA" -> data();
            case "BDAT" -> chunk(argument);
            case "RSET" -> reset();
            case "NOOP" -> replyAt(Stage.NOOP, argument, "250 2.0.0 here");
            case "VRFY" -> reply("252 2.5.0 send it and see");
            case "QUIT" -> quit();
            default -> reply("500 5.5.1 no such command");
        }
    }

    private void hello(String client, boolean extended, boolean lmtp) throws IOException, InterruptedException {
        if (lmtp != settings.speaksLmtp()) {
            reply("500 5.5.1 another protocol is spoken here");
            return;
        }
        forgetMail();
        greeted = true;
        String name = settings.name() + " greets " + client;
        if (!extended) {
            replyAt(Stage.EHLO, client, "250 " + name);
            return;
        }
        StringBuilder reply = new StringBuilder(name);
        for (String capability : capabilities()) {
            reply.append('\n').append(capability);
        }
        String[] lines = reply.toString().split("\n");
        for (int i = 0; i < lines.length; i++) {
            lines[i] = (i < lines.length - 1 ? "250-" : "250 ") + lines[i];
        }
        replyAt(Stage.EHLO, client, String.join("\r\n", lines));
    }

    private List<String> capabilities() {
        List<String> lines = new ArrayList<>();
        settings.extensions()
                .forEach(extension -> lines.add(
                        extension == Extension.SIZE ? "SIZE " + settings.mostContent() : extension.keyword()));
        if (settings.offersStartTls() && wire.tlsProtocol() == null) {
            lines.add("STARTTLS");
        }
        List<String> mechanisms = offered();
        if (!mechanisms.isEmpty() && mayAuthenticate()) {
            lines.add("AUTH " + String.join(" ", mechanisms));
        }
        lines.addAll(settings.furtherCapabilities());
        return lines;
    }

    private List<String> offered() {
        return settings.mechanisms().values().stream()
                .filter(candidate -> candidate.isOfferedTo(wire.tlsSession()))
                .map(ServerMechanism::name)
                .toList();
    }

    private boolean mayAuthenticate() {
        return !settings.requiresTls() || wire.tlsProtocol() != null;
    }

    private void startTls() throws IOException, InterruptedException {
        if (!settings.offersStartTls() || wire.tlsProtocol() != null) {
            reply("503 5.5.1 no STARTTLS here");
            return;
        }
        if (!replyAt(Stage.STARTTLS, "", "220 2.0.0 go ahead")) {
            return;
        }
        // What came before the handshake came in clear, perhaps from somebody else.
        wire.discardInput();
        wire.startTls(peer.tls(), settings.requiresClientCertificate());
        beginAnew();
    }

    private void client(String attributes) throws IOException, InterruptedException {
        boolean offered = settings.furtherCapabilities().stream().anyMatch(line -> line.startsWith("XCLIENT"));
        if (!offered || mailFrom != null) {
            reply("503 5.5.1 XCLIENT does not belong here");
        } else if (replyAt(Stage.XCLIENT, attributes, "220 " + settings.name() + " ESMTP")) {
            beginAnew();
        }
    }

    private void beginAnew() {
        greeted = false;
        user = null;
        mechanism = null;
        forgetMail();
    }

    private void authenticate(String argument) throws IOException, InterruptedException {
        int space = argument.indexOf(' ');
        String name = (space < 0 ? argument : argument.substring(0, space)).toUpperCase(Locale.ROOT);
        ServerMechanism chosen = settings.mechanisms().get(name);
        if (!greeted || user != null || mailFrom != null) {
            reply("503 5.5.1 AUTH does not belong here");
        } else if (!mayAuthenticate()) {
            reply("538 5.7.11 encryption required");
        } else if (chosen == null) {
            reply("504 5.5.4 no such mechanism");
        } else {
            Optional<String> override = peer.overrideAt(Stage.AUTH, name, connection);
            if (override.isPresent()) {
                reply(override.get());
                return;
            }
            exchange(chosen, space < 0 ? null : argument.substring(space + 1).strip());
        }
    }

    private void exchange(ServerMechanism chosen, String initialResponse) throws IOException, InterruptedException {
        boolean offersBinding = offered().contains(chosen.name() + "-PLUS");
        ServerMechanism.Exchange exchange = chosen.begin(peer.accounts(), wire.tlsSession(), offersBinding);
        Optional<byte[]> response = Optional.empty();
        if (initialResponse != null) {
            response = decode(initialResponse.equals("=") ? "" : initialResponse);
            if (response.isEmpty()) {
                reply("501 5.5.2 that is no base64");
                return;
            }
        }
        while (true) {
            switch (exchange.next(response)) {
                case ServerMechanism.Verdict.Granted granted -> {
                    granted(chosen, granted.user());
                    return;
                }
                case ServerMechanism.Verdict.Denied denied -> {
                    peer.loggedIn(false);
                    reply(denied.reply());
                    return;
                }
                case ServerMechanism.Verdict.Challenge challenge -> response = ask(challenge.octets());
            }
            if (response.isEmpty()) {
                return;
            }
        }
    }

    private void granted(ServerMechanism chosen, String who) throws IOException, InterruptedException {
        if (replyAt(Stage.AUTHENTICATED, who, "235 2.7.0 welcome")) {
            user = who;
            mechanism = chosen.name();
            peer.loggedIn(true);
        } else {
            peer.loggedIn(false);
        }
    }

    /** Sends a challenge; nothing comes back if the client gave up, and then it has its reply. */
    private Optional<byte[]> ask(byte[] challenge) throws IOException, InterruptedException {
        reply("334 " + Base64.getEncoder().encodeToString(challenge));
        byte[] line = wire.line(MOST_LINE);
        String answer = line == null ? "*" : new String(line, StandardCharsets.US_ASCII).stripTrailing();
        if (answer.equals("*")) {
            reply("501 5.7.0 as you like");
            return Optional.empty();
        }
        Optional<byte[]> decoded = decode(answer);
        if (decoded.isEmpty()) {
            reply("501 5.5.2 that is no base64");
        }
        return decoded;
    }

    private static Optional<byte[]> decode(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private void mail(String argument) throws IOException, InterruptedException {
        String address = path(argument, "FROM:");
        if (!greeted || mailFrom != null) {
            reply("503 5.5.1 MAIL does not belong here");
        } else if (settings.requiresTls() && wire.tlsProtocol() == null) {
            reply("530 5.7.0 STARTTLS first");
        } else if (settings.requiresAuth() && user == null) {
            reply("530 5.7.0 authentication required");
        } else if (taken >= settings.messagesPerConnection()) {
            reply("421 4.7.0 enough for one connection");
        } else if (address == null) {
            reply("501 5.5.4 MAIL FROM:<address>");
        } else if (replyAt(Stage.MAIL, address, "250 2.1.0 sender ok")) {
            mailFrom = address;
            mailParameters = argument.substring(argument.indexOf('>') + 1).strip();
        }
    }

    private void recipient(String argument) throws IOException, InterruptedException {
        String address = path(argument, "TO:");
        if (mailFrom == null) {
            reply("503 5.5.1 MAIL first");
        } else if (address == null || address.isEmpty()) {
            reply("501 5.5.4 RCPT TO:<address>");
        } else if (recipients.size() >= MOST_RECIPIENTS) {
            reply("452 4.5.3 enough recipients");
        } else if (replyAt(Stage.RCPT, address, "250 2.1.5 recipient ok")) {
            recipients.add(address);
        }
    }

    private static String path(String argument, String prefix) {
        if (!argument.regionMatches(true, 0, prefix, 0, prefix.length())) {
            return null;
        }
        int from = argument.indexOf('<', prefix.length());
        int to = argument.indexOf('>', prefix.length());
        return from < 0 || to < from ? null : argument.substring(from + 1, to);
    }

    private void data() throws IOException, InterruptedException {
        if (mailFrom == null || recipients.isEmpty() || chunks) {
            reply(mailFrom == null ? "503 5.5.1 MAIL first" : "554 5.5.1 no valid recipients");
            return;
        }
        if (!replyAt(Stage.DATA, "", "354 end with a dot")) {
            return;
        }
        content.clear();
        if (wire.content(content)) {
            complete();
        } else {
            open = false;
        }
    }

    private void chunk(String argument) throws IOException, InterruptedException {
        String[] words = argument.split("\\s+");
        if (!settings.extensions().contains(Extension.CHUNKING) || !words[0].matches("\\d{1,18}")) {
            end("501 5.5.4 BDAT octets [LAST]");
            open = false;
            return;
        }
        if (!chunks) {
            content.clear();
        }
        boolean wanted = mailFrom != null && !recipients.isEmpty();
        if (!wire.octets(Long.parseLong(words[0]), content)) {
            open = false;
        } else if (!wanted) {
            reply(mailFrom == null ? "503 5.5.1 MAIL first" : "554 5.5.1 no valid recipients");
        } else if (words.length > 1 && words[1].equalsIgnoreCase("LAST")) {
            complete();
        } else {
            chunks = true;
            reply("250 2.0.0 more");
        }
    }

    private void complete() throws IOException, InterruptedException {
        if (content.tooBig()) {
            reply("552 5.3.4 too big");
        } else if (settings.speaksLmtp()) {
            completeForEach();
        } else {
            Optional<String> override = peer.overrideAt(Stage.CONTENT, mailFrom, connection);
            if (override.isEmpty() || override.get().startsWith("2")) {
                keep();
            }
            reply(override.orElse("250 2.0.0 taken"));
        }
        forgetMail();
    }

    private void completeForEach() throws IOException, InterruptedException {
        List<String> replies = new ArrayList<>();
        List<String> taking = new ArrayList<>();
        for (String recipient : recipients) {
            String said = peer.overrideAt(Stage.CONTENT, recipient, connection).orElse("250 2.0.0 taken");
            replies.add(said);
            if (said.startsWith("2")) {
                taking.add(recipient);
            }
        }
        recipients = taking;
        if (!taking.isEmpty()) {
            keep();
        }
        for (String said : replies) {
            if (open) {
                reply(said);
            }
        }
    }

    private void keep() {
        taken++;
        if (settings.countsOnly()) {
            peer.counted();
            return;
        }
        peer.took(new ReceivedMessage(
                Optional.ofNullable(user),
                Optional.ofNullable(mechanism),
                Optional.ofNullable(wire.tlsProtocol()),
                mailFrom,
                mailParameters,
                recipients,
                content.copy(),
                connection,
                Instant.now()));
    }

    private void reset() throws IOException, InterruptedException {
        forgetMail();
        replyAt(Stage.RSET, "", "250 2.0.0 forgotten");
    }

    private void quit() throws IOException, InterruptedException {
        replyAt(Stage.QUIT, "", "221 2.0.0 bye");
        open = false;
    }

    private void forgetMail() {
        mailFrom = null;
        mailParameters = "";
        recipients = new ArrayList<>();
        chunks = false;
        content.clear();
    }

    /** Replies, perhaps otherwise than usual; returns whether the reply was a good one. */
    private boolean replyAt(Stage stage, String argument, String usual) throws IOException, InterruptedException {
        String said = peer.overrideAt(stage, argument, connection).orElse(usual);
        reply(said);
        return said.startsWith("2") || said.startsWith("3");
    }

    private void reply(String text) throws IOException, InterruptedException {
        if (peer.isSlow()) {
            wire.flush();
        }
        if (!peer.rest()) {
            throw new IOException("the peer was closed");
        }
        if (text.isEmpty()) {
            throw new IOException("the peer closes the connection instead of replying");
        }
        wire.send((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        if (peer.isSlow()) {
            wire.flush();
        }
        open = open && !text.startsWith("421");
    }
}
