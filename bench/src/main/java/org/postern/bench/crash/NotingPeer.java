// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.peer.Extension;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.peer.Stage;

/**
 * The peer of relays: takes, refuses and loses mail as its fates say, and notes each message before it replies. Relays say in
 * EHLO which life they are in. When it is closed no session is left.
 *
 * <p>Threading: each session has a thread of its own.
 */
final class NotingPeer implements AutoCloseable {

    private static final Pattern REPORTED = Pattern.compile("(?mi)^Final-Recipient: rfc822; *(\\S+)");
    private static final Pattern FAILED = Pattern.compile("(?mi)^Action: failed");
    private static final Pattern NAME = Pattern.compile("(?mi)^Message-ID: *<([^>]+)>");

    private static final Duration FAR = Duration.ofMillis(8);

    private final History history;
    private final Fates fates;
    private final boolean alone;

    private final MailPeer peer;
    private final Map<Integer, Transaction> sessions = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Transaction> latest = new HashMap<>();
    private final Map<String, Map<String, Transaction>> unsettled = new HashMap<>();

    /** Used by the thread of its session. */
    private static final class Transaction {
        private final int life;
        private final String user;
        private final String message;
        private final List<String> taken = new ArrayList<>();

        Transaction(int life, String user, String message) {
            this.life = life;
            this.user = user;
            this.message = message;
        }
    }

    /**
     * @param alone whether one relay delivers here, so that a queue of one worker has one
     * @param far whether it takes its time to answer, so that a message is sent behind another one
     */
    NotingPeer(History history, Fates fates, boolean alone, boolean far) throws IOException {
        this.history = history;
        this.fates = fates;
        this.alone = alone;

        MailPeer.Builder builder =
                MailPeer.builder().mechanisms("PLAIN").requireAuth().handTo(this::took);
        if (far) {
            builder.latency(FAR).with(Extension.CHUNKING);
        }
        builder.account("reports", Setup.password("reports"));
        Setup.BINDINGS.forEach(name -> builder.account(name, Setup.password(name)));
        this.peer = builder.start();
        peer.override(this::reply);
    }

    int port() {
        return peer.port();
    }

    private Optional<String> reply(Stage stage, String argument, int connection) {
        return switch (stage) {
            case EHLO -> {
                sessions.put(connection, new Transaction(Setup.life(argument), "nobody", ""));
                yield Optional.empty();
            }
            case AUTHENTICATED -> {
                sessions.compute(connection, (number, before) -> new Transaction(before.life, argument, ""));
                yield Optional.empty();
            }
            case MAIL -> begin(argument, connection);
            case RCPT -> recipient(argument, sessions.get(connection));
            case CONTENT -> content(sessions.get(connection));
            case CONNECT, STARTTLS, XCLIENT, AUTH, DATA, RSET, NOOP, QUIT -> Optional.empty();
        };
    }

    private Optional<String> begin(String sender, int connection) {
        String message = localPart(sender);
        sessions.compute(connection, (number, before) -> new Transaction(before.life, before.user, message));
        return message.isEmpty() ? Optional.empty() : unlessTaken(fates.ofSender(message));
    }

    private static String localPart(String address) {
        return address.substring(0, Math.max(0, address.indexOf('@')));
    }

    private static Optional<String> unlessTaken(Fates.Fate fate) {
        return fate == Fates.Fate.TAKEN ? Optional.empty() : Optional.of(fate.reply());
    }

    private Optional<String> recipient(String address, Transaction transaction) {
        if (transaction.message.isEmpty()) {
            return Optional.empty();
        }
        Fates.Fate fate = fates.ofRecipient(address);
        if (fate == Fates.Fate.TAKEN) {
            transaction.taken.add(address);
        } else {
            replied(transaction, address, fate);
        }
        return unlessTaken(fate);
    }

    private Optional<String> content(Transaction transaction) {
        if (transaction.message.isEmpty()) {
            return Optional.empty();
        }
        noteSettled(transaction);
        Fates.Fate fate = fates.ofContent(transaction.message);
        if (fate != Fates.Fate.TAKEN) {
            history.note(
                    new Event.Attempted(transaction.message, transaction.user, "-", List.copyOf(transaction.taken)));
            if (fate != Fates.Fate.UNANSWERED) {
                transaction.taken.forEach(address -> replied(transaction, address, fate));
            }
        }
        return unlessTaken(fate);
    }

    /** Called before the reply. */
    private void took(ReceivedMessage message) {
        Transaction transaction = sessions.get(message.connection());
        if (message.mailFrom().isEmpty()) {
            report(message, transaction.life);
            return;
        }
        history.note(new Event.Attempted(
                transaction.message,
                message.user().orElse("nobody"),
                Digest.of(message.content()),
                message.recipients()));
        message.recipients().forEach(address -> replied(transaction, address, Fates.Fate.TAKEN));
    }

    private void replied(Transaction transaction, String address, Fates.Fate fate) {
        history.note(new Event.Replied(transaction.life, address, fate.reply().substring(0, 3)));
        if (hasOneWorker(address)) {
            lock.lock();
            try {
                unsettled
                        .computeIfAbsent(transaction.user, user -> new HashMap<>())
                        .put(address, transaction);
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean hasOneWorker(String address) {
        return alone && Setup.hasOneWorker(domain(address));
    }

    private static String domain(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    /**
     * This content comes by the only worker of its queue, so what the worker did before is durable; but not what came just
     * before, which may not have been answered when this was sent.
     */
    private void noteSettled(Transaction now) {
        if (now.taken.isEmpty() || !hasOneWorker(now.taken.getFirst())) {
            return;
        }
        lock.lock();
        try {
            Transaction before = latest.put(now.user, now);
            unsettled.getOrDefault(now.user, Map.of()).entrySet().removeIf(one -> {
                boolean earlier = one.getValue() != now && one.getValue() != before;
                if (earlier) {
                    history.note(new Event.Settled(one.getKey()));
                }
                return earlier;
            });
        } finally {
            lock.unlock();
        }
    }

    private void report(ReceivedMessage message, int life) {
        String text = new String(message.content(), StandardCharsets.ISO_8859_1);
        Matcher name = NAME.matcher(text);
        if (!name.find() || !FAILED.matcher(text).find()) {
            return;
        }
        REPORTED.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .forEach(address -> history.note(new Event.Reported(life, name.group(1), address)));
    }

    @Override
    public void close() {
        peer.close();
    }
}
