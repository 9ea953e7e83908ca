// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Judges a history while it grows or afterwards.
 *
 * <p>Nothing is lost: each recipient of what was accepted is delivered to, or its sender is told that a peer refused it.
 * Nothing is invented: no message that nobody sent, in another name, with other content, for somebody else, or after it was
 * refused; no report of a failure that was none. Nothing comes twice, but in the window of RFC 1047: the peer has replied,
 * and the relay was killed before that was durable. So of two results for one recipient one belongs to a relay that was
 * killed; nothing shows that the first was durable; and at one kill no more messages of a queue are in that window than the
 * queue has workers.
 *
 * <p>A result belongs to the life in whose session it came, whenever its line does: on a busy machine a peer reads what a
 * killed relay had sent after others have taken over from it.
 *
 * <p>Threading: safe for several threads.
 */
final class Checker {

    /** Messages that a worker has under way at most: where the peer is slow to answer, one goes behind another. */
    private static final int UNDER_WAY = 2;

    private static final int MOST_VIOLATIONS = 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> workers = new HashMap<>();

    private final Map<String, Message> messages = new HashMap<>();
    private final Map<String, Recipient> recipients = new HashMap<>();
    private final Map<Window, Set<String>> windows = new HashMap<>();
    private final Set<Integer> killed = new HashSet<>();
    private final Set<Integer> orderly = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private long line;
    private int accepted;
    private int outstanding;
    private int delivered;
    private int twice;
    private int reported;
    private int found;

    private enum Stand {
        SUBMITTED,
        ACCEPTED,
        REFUSED
    }

    private static final class Message {
        private final Event.Submitted submitted;
        private Stand stand = Stand.SUBMITTED;

        Message(Event.Submitted submitted) {
            this.submitted = submitted;
        }
    }

    private static final class Recipient {
        private final String address;
        private final Message message;
        private int resultIn;
        private boolean settled;
        private boolean reached;
        private int refusals;
        private Map<String, Integer> reports = Map.of();

        Recipient(String address, Message message) {
            this.address = address;
            this.message = message;
        }

        private boolean done() {
            return reached || !reports.isEmpty();
        }

        private String domain() {
            return address.substring(address.indexOf('@') + 1);
        }
    }

    /** What was under way in one queue when one life ended. */
    private record Window(int life, String user, String domain) {}

    /**
     * How it stands.
     *
     * @param kills relays killed
     * @param accepted messages that the relays have promised to deliver
     * @param delivered recipients that were reached
     * @param twice results that came again within the window of RFC 1047
     * @param reported recipients whose sender was told that they were refused
     * @param outstanding recipients of accepted messages of which nothing is known yet
     * @param violations how many promises were broken
     */
    record Summary(int kills, int accepted, int delivered, int twice, int reported, int outstanding, int violations) {}

    /** Takes the next event of the history. */
    void take(Event event) {
        lock.lock();
        try {
            judge(event);
        } finally {
            lock.unlock();
        }
    }

    Summary summary() {
        lock.lock();
        try {
            return new Summary(killed.size(), accepted, delivered, twice, reported, outstanding, found);
        } finally {
            lock.unlock();
        }
    }

    /** The first of what is wrong, one line for each; empty if nothing is. */
    List<String> violations() {
        lock.lock();
        try {
            return List.copyOf(violations);
        } finally {
            lock.unlock();
        }
    }

    private void judge(Event event) {
        line++;
        switch (event) {
            case Event.Queue queue -> workers.put(queue.domain(), queue.workers());
            case Event.Started started -> {}
            case Event.Killed end -> killed.add(end.life());
            case Event.Stopped stopped -> orderly.add(stopped.life());
            case Event.Submitted submitted -> submitted(submitted);
            case Event.Accepted promised -> accepted(promised.message());
            case Event.Refused refused -> refused(refused.message());
            case Event.Attempted attempted -> attempted(attempted);
            case Event.Replied replied -> replied(replied);
            case Event.Settled settled -> known(settled.recipient(), "settled").settled = true;
            case Event.Reported report -> reported(report);
            case Event.Drained drained -> drained();
        }
    }

    private void violation(String what) {
        found++;
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add("line " + line + ": " + what);
        }
    }

    private void submitted(Event.Submitted submitted) {
        Message message = new Message(submitted);
        if (messages.putIfAbsent(submitted.message(), message) != null) {
            throw new IllegalArgumentException(submitted.message() + " is submitted twice in this history");
        }
        submitted.recipients().forEach(address -> recipients.put(address, new Recipient(address, message)));
    }

    private void accepted(String name) {
        Message message = messages.get(name);
        if (message == null || message.stand != Stand.SUBMITTED) {
            violation(name + " was accepted, and nobody was submitting it");
            return;
        }
        message.stand = Stand.ACCEPTED;
        accepted++;
        outstanding += (int) message.submitted.recipients().stream()
                .filter(address -> !recipients.get(address).done())
                .count();
    }

    private void refused(String name) {
        Message message = messages.get(name);
        if (message == null || message.stand != Stand.SUBMITTED) {
            violation(name + " was refused, and nobody was submitting it");
            return;
        }
        message.stand = Stand.REFUSED;
        for (String address : message.submitted.recipients()) {
            if (recipients.get(address).resultIn != 0) {
                violation(address + " of " + name + " was tried, and then " + name + " was refused");
            }
        }
    }

    private void attempted(Event.Attempted attempted) {
        Message message = messages.get(attempted.message());
        if (message == null) {
            violation("a message " + attempted.message() + " came that nobody sent");
            return;
        }
        if (message.stand == Stand.REFUSED) {
            violation(attempted.message() + " came although it was refused");
        }
        if (!attempted.user().equals(message.submitted.user())) {
            violation(attempted.message() + " came in the name of " + attempted.user() + " instead of "
                    + message.submitted.user());
        }
        if (!attempted.digest().equals("-") && !attempted.digest().equals(message.submitted.digest())) {
            violation(attempted.message() + " came with other content: " + attempted.digest() + " instead of "
                    + message.submitted.digest());
        }
        if (!message.submitted.recipients().containsAll(attempted.recipients())) {
            violation(attempted.message() + " came for somebody else: " + attempted.recipients());
        }
    }

    private Recipient known(String address, String what) {
        Recipient recipient = recipients.get(address);
        if (recipient == null) {
            violation(address + " is " + what + ", and no message was sent there");
            return new Recipient(address, new Message(new Event.Submitted("none", "none", "-", List.of())));
        }
        return recipient;
    }

    private void replied(Event.Replied replied) {
        boolean forNow = replied.code().startsWith("4");
        Recipient recipient = known(replied.recipient(), "tried");
        if (forNow) {
            return;
        }
        if (recipient.resultIn != 0) {
            again(recipient, replied.life());
        }
        if (recipient.resultIn == 0 || !killed.contains(replied.life())) {
            recipient.resultIn = replied.life();
        }
        recipient.settled = false;
        if (replied.code().startsWith("2")) {
            delivered += recipient.reached ? 0 : 1;
            end(recipient, () -> recipient.reached = true);
        } else {
            recipient.refusals++;
        }
    }

    private void again(Recipient recipient, int life) {
        String whom = recipient.address + " of " + recipient.message.submitted.message();
        int before = recipient.resultIn;
        if (before == life) {
            violation(whom + " was done, and was tried again in the same life");
        } else if (recipient.settled || orderly.contains(before)) {
            violation(whom + " was tried again although its result of life " + before + " was settled");
        } else if (!mayBeForgotten(before, life)) {
            violation(whom + " was tried again in life " + life + " although life " + before
                    + ", in which it was done, was not killed");
        } else {
            twice++;
            window(recipient, killed.contains(before) ? before : life, whom);
        }
    }

    private void window(Recipient recipient, int ended, String whom) {
        Window window = new Window(ended, recipient.message.submitted.user(), recipient.domain());
        Set<String> open = windows.computeIfAbsent(window, none -> new HashSet<>());
        open.add(recipient.message.submitted.message());
        int most = workers.getOrDefault(recipient.domain(), 0);
        if (open.size() > UNDER_WAY * most) {
            violation(whom + " was tried again, as were " + (open.size() - 1)
                    + " others that its queue had done in life " + ended + ", and it has " + most + " workers");
        }
    }

    private void end(Recipient recipient, Runnable change) {
        boolean before = recipient.done();
        change.run();
        if (!before && recipient.message.stand == Stand.ACCEPTED) {
            outstanding--;
        }
    }

    private boolean mayBeForgotten(int before, int now) {
        return before != now && !orderly.contains(before) && (killed.contains(before) || killed.contains(now));
    }

    private void reported(Event.Reported report) {
        Recipient recipient = known(report.recipient(), "reported");
        String whom = recipient.address + " of " + recipient.message.submitted.message();
        if (recipient.refusals == 0) {
            violation(whom + " was reported as a failure, and no peer refused it");
        }
        Map<String, Integer> reports = new HashMap<>(recipient.reports);
        Integer before = reports.put(report.notification(), report.life());
        if (before != null && !mayBeForgotten(before, report.life())) {
            violation("the report " + report.notification() + " on " + whom + " came twice, and no kill was between");
        }
        if (reports.size() > Math.max(1, recipient.refusals)) {
            violation(whom + " was refused " + recipient.refusals + " times and reported " + reports.size() + " times");
        }
        reported += recipient.reports.isEmpty() ? 1 : 0;
        end(recipient, () -> recipient.reports = Map.copyOf(reports));
    }

    private void drained() {
        messages.values().stream()
                .filter(message -> message.stand == Stand.ACCEPTED)
                .flatMap(message -> message.submitted.recipients().stream())
                .map(recipients::get)
                .filter(recipient -> !recipient.done())
                .forEach(recipient -> violation(recipient.address + " of "
                        + recipient.message.submitted.message()
                        + (recipient.refusals > 0
                                ? " was refused by its peer, and its sender was never told"
                                : " was accepted and never delivered: lost")));
    }
}
