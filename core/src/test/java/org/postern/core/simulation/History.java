// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.spi.mail.MessageId;

/**
 * What was promised, what arrived and what was noted, and the verdict on it. It knows the peers' side and the disk's side,
 * and believes nothing of what the engine says.
 */
public final class History {

    private static final Pattern FINAL_RECIPIENT = Pattern.compile("Final-Recipient: rfc822; (\\S+)");
    private static final Pattern TAG = Pattern.compile("Tag: (\\S+)");
    private static final Pattern MESSAGE = Pattern.compile("X-Postern-Message: (\\S+)");
    /** The shortest time between two probes of a refused password, less what a clock that is put right may gain. */
    private static final long PROBE_INTERVAL = Duration.ofSeconds(54).toNanos();

    private long followed;
    private final World world;
    private final Map<String, Tracked> byContent = new LinkedHashMap<>();
    private final Map<String, Tracked> byTag = new HashMap<>();
    private final Map<MessageId, Tracked> byId = new HashMap<>();
    private final Map<String, String> userOf = new HashMap<>();
    private final Map<String, List<Long>> refusals = new HashMap<>();
    private final Map<Integer, Long> mostLines = new HashMap<>();
    private final Map<String, Long> mostSessions = new HashMap<>();
    private final Map<String, Long> mostMessages = new HashMap<>();
    private final Map<String, Long> messages = new HashMap<>();
    private List<PeerSession> sessions = new ArrayList<>();
    private int incarnation;
    private long withoutHeader;

    private static final class Copy {
        private final int incarnation;
        private boolean confirmed;

        private Copy(int incarnation) {
            this.incarnation = incarnation;
        }
    }

    /** One message that was handed in, or that reports on one. */
    static final class Tracked {
        private final String name;
        private final String sender;
        private final Map<String, List<Copy>> copies = new LinkedHashMap<>();
        private final Set<String> settled = new HashSet<>();
        private final Set<String> reported = new HashSet<>();
        private final Set<String> failed = new HashSet<>();
        private boolean promised;
        private boolean damaged;

        private Tracked(String name, String sender, Collection<String> recipients) {
            this.name = name;
            this.sender = sender;
            recipients.forEach(recipient -> copies.put(recipient, new ArrayList<>()));
        }
    }

    /** Nothing has happened. */
    public History(World world) {
        this.world = world;
    }

    // ---- what is to hold

    /** Mail for this domain goes out as this user and as nobody else. */
    public void requires(String domain, String user) {
        userOf.put(domain, user);
    }

    /** So many connections to a peer at once. */
    public void limitLines(int port, long most) {
        mostLines.merge(port, most, Long::sum);
    }

    /** So many sessions as this user at once. */
    public void limitSessions(String user, long most) {
        mostSessions.put(user, most);
    }

    /** So many transactions as this user for the whole time of a process. */
    public void limitMessages(String user, long most) {
        mostMessages.put(user, most);
    }

    // ---- what happens

    /** Another process begins. */
    public void restarted() {
        incarnation++;
        refusals.clear();
        messages.clear();
        sessions = new ArrayList<>();
    }

    /** It is on the disk, whether anybody was told or not. */
    void stored(MessageId id, String content, String sender, List<String> recipients) {
        Optional<String> tag = first(TAG, content);
        Optional<Tracked> about = first(MESSAGE, content).map(MessageId::new).map(byId::get);
        String name = about.map(one -> "report on " + one.name).or(() -> tag).orElse("?");
        Tracked tracked = new Tracked(name, sender, recipients);
        byContent.put(content, tracked);
        byId.put(id, tracked);
        if (sender.isEmpty()) {
            about.ifPresent(one -> reported(one, tag, content));
        } else {
            byTag.put(tag.orElseThrow(), tracked);
        }
        world.note("disk", name + " is stored for " + recipients);
    }

    /** What is on the disk cannot be read from here on. */
    void damaged(String content) {
        Tracked tracked = byContent.get(content);
        tracked.damaged = true;
        world.note("disk", tracked.name + " is damaged");
    }

    private void reported(Tracked about, Optional<String> tag, String report) {
        if (tag.isEmpty() && !about.damaged) {
            world.fail("a report on " + about.name + " lacks its header");
        } else if (tag.isPresent() && byTag.get(tag.get()) != about) {
            world.fail("a report on " + about.name + " has the header of " + tag.get());
        }
        withoutHeader += tag.isEmpty() ? 1 : 0;
        Matcher named = FINAL_RECIPIENT.matcher(report);
        while (named.find()) {
            reported(about, named.group(1));
        }
    }

    private void reported(Tracked about, String recipient) {
        about.reported.add(recipient);
        if (about.copies.getOrDefault(recipient, List.of()).stream()
                .anyMatch(copy -> copy.confirmed && copy.incarnation == incarnation)) {
            world.fail(about.name + " is reported to have failed for " + recipient + ", whose server said 250");
        }
    }

    /** Somebody was told that it is safe. */
    public void promised(String content) {
        Tracked tracked = byContent.get(content);
        if (tracked == null) {
            world.fail("a message was accepted that is not on the disk");
            return;
        }
        tracked.promised = true;
        world.note("client", tracked.name + " is promised");
    }

    /** A recipient is settled on the disk. */
    void settled(String content, String recipient) {
        Tracked tracked = byContent.get(content);
        if (!tracked.settled.add(recipient)) {
            world.fail(tracked.name + " is settled twice for " + recipient);
        }
        world.note("disk", tracked.name + " is settled for " + recipient);
    }

    /** The engine says that a peer took it. */
    public void saidDelivered(String content, String recipient) {
        Tracked tracked = byContent.get(content);
        if (tracked.copies.get(recipient).stream().noneMatch(copy -> copy.confirmed)) {
            world.fail(tracked.name + " is said to be delivered to " + recipient + ", and no server said so");
        }
    }

    /** The engine says that it never will be delivered. */
    public void saidFailed(String content, String recipient) {
        byContent.get(content).failed.add(recipient);
    }

    /** A login was refused. */
    void refused(SimulatedPeer peer, String user, String password) {
        world.note(peer.toString(), "refuses '" + user + "'");
        List<Long> before = refusals.computeIfAbsent(peer.port() + user + "\0" + password, key -> new ArrayList<>());
        before.add(world.now());
        int count = before.size();
        if (count > 2 && before.get(count - 1) - before.get(count - 3) < PROBE_INTERVAL) {
            world.fail("the third login of '" + user + "' with a refused password within a minute");
        }
    }

    void loggedIn(PeerSession session) {
        world.note(session.peer().toString(), "lets '" + session.user().orElseThrow() + "' in");
        sessions.removeIf(one -> !one.line().isInUse());
        sessions.add(session);
        String user = session.user().orElseThrow();
        long count = sessions.stream()
                .filter(one -> one.peer() == session.peer())
                .filter(one -> one.user().equals(session.user()))
                .count();
        if (count > mostSessions.getOrDefault(user, Long.MAX_VALUE)) {
            world.fail(count + " sessions of '" + user + "' at once");
        }
    }

    void connected(int port, long lines) {
        if (lines > mostLines.getOrDefault(port, Long.MAX_VALUE)) {
            world.fail(lines + " connections to peer " + port + " at once");
        }
    }

    /** A peer took a message. What is returned is to be run when the client has read that. */
    Runnable taken(PeerSession session, String content, String sender, List<String> recipients) {
        Tracked tracked = byContent.get(content);
        if (tracked == null) {
            world.fail("a peer got a message that nobody sent: " + content);
            return () -> {};
        }
        world.note(session.peer().toString(), "takes " + tracked.name + " for " + recipients);
        session.user().ifPresent(user -> countMessage(session.peer(), user));
        List<Copy> taken = new ArrayList<>();
        for (String recipient : recipients) {
            judge(session, tracked, recipient);
            Copy copy = new Copy(incarnation);
            tracked.copies.get(recipient).add(copy);
            taken.add(copy);
        }
        return () -> taken.forEach(copy -> copy.confirmed = true);
    }

    private void countMessage(SimulatedPeer peer, String user) {
        if (messages.merge(user + " at " + peer, 1L, Long::sum) > mostMessages.getOrDefault(user, Long.MAX_VALUE)) {
            world.fail("more messages of '" + user + "' than it may send");
        }
    }

    private void judge(PeerSession session, Tracked tracked, String recipient) {
        String wanted = userOf.get(recipient.substring(recipient.indexOf('@') + 1));
        if (wanted != null && !session.user().equals(Optional.of(wanted))) {
            world.fail(tracked.name + " went to " + recipient + " as " + session.user() + ", not as '" + wanted + "'");
        }
        List<Copy> before = tracked.copies.get(recipient);
        if (before == null) {
            world.fail(tracked.name + " went to " + recipient + ", who was not named");
        } else if (tracked.settled.contains(recipient)) {
            world.fail(tracked.name + " went to " + recipient + " once more after it was settled");
        } else if (before.stream().anyMatch(copy -> copy.confirmed && copy.incarnation == incarnation)) {
            world.fail(tracked.name + " went to " + recipient + " once more after its server had said 250");
        }
    }

    // ---- the verdict

    /** Whether everything that was promised has ended. */
    public boolean allSettled() {
        return byContent.values().stream()
                .filter(tracked -> tracked.promised)
                .allMatch(tracked -> tracked.settled.containsAll(tracked.copies.keySet()));
    }

    /** The end: whatever was promised has become something. */
    public void judge() {
        byContent.values().stream().filter(tracked -> tracked.promised).forEach(this::judge);
    }

    private void judge(Tracked tracked) {
        tracked.copies.forEach((recipient, copies) -> {
            if (!tracked.settled.contains(recipient)) {
                world.fail(tracked.name + " for " + recipient + " never came to an end");
            } else if (copies.isEmpty()
                    && !tracked.reported.contains(recipient)
                    && !endedSilently(tracked, recipient)) {
                world.fail(tracked.name + " for " + recipient + " is lost");
            }
        });
    }

    // Nobody is told that a report could not be delivered (RFC 5321 section 6.1).
    private static boolean endedSilently(Tracked tracked, String recipient) {
        return tracked.sender.isEmpty() && tracked.failed.contains(recipient);
    }

    /** A message came behind another one that had not been answered. */
    void followed() {
        followed++;
    }

    /** Messages and copies, for a line at the end. */
    public Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put(
                "messages", byTag.values().stream().filter(one -> one.promised).count());
        figures.put(
                "reports",
                byContent.values().stream().filter(one -> one.sender.isEmpty()).count());
        figures.put("reports without header", withoutHeader);
        figures.put(
                "copies",
                byContent.values().stream()
                        .flatMap(one -> one.copies.values().stream())
                        .mapToLong(List::size)
                        .sum());
        figures.put(
                "again",
                byContent.values().stream()
                        .flatMap(one -> one.copies.values().stream())
                        .filter(copies -> copies.size() > 1)
                        .count());
        figures.put("followed", followed);
        return figures;
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
