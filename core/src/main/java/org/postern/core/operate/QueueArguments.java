// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postern.engine.QueueAction;
import org.postern.engine.QueueFilter;
import org.postern.engine.dto.QueueEntry;
import org.postern.spi.mail.MessageId;

/** What follows the verb. Every option takes its value as the next word, or behind an equals sign. */
final class QueueArguments {

    static final String IN_MEMORY = "--in-memory";

    private static final Pattern AGE = Pattern.compile("([0-9]{1,9})([smhdw])");

    private final What what;
    private final Set<MessageId> ids = new HashSet<>();
    private Optional<String> domain = Optional.empty();
    private Optional<String> binding = Optional.empty();
    private Optional<String> identity = Optional.empty();
    private Optional<String> sender = Optional.empty();
    private Optional<String> recipient = Optional.empty();
    private Optional<String> reason = Optional.empty();
    private Optional<QueueEntry.State> state = Optional.empty();
    private Optional<Duration> olderThan = Optional.empty();
    private Optional<Duration> youngerThan = Optional.empty();
    private Optional<Integer> limit = Optional.empty();
    private boolean all;
    private boolean summary;
    private boolean json;
    private boolean inMemory;
    private boolean yes;
    private boolean dryRun;
    private boolean allNodes;

    /** What is to be done. */
    enum What {
        LIST,
        SHOW,
        HOLD(QueueAction.HOLD),
        RELEASE(QueueAction.RELEASE),
        RETRY(QueueAction.RETRY),
        REMOVE(QueueAction.REMOVE);

        private final Optional<QueueAction> action;

        What() {
            this.action = Optional.empty();
        }

        What(QueueAction action) {
            this.action = Optional.of(action);
        }

        /** What it changes, if it changes something. */
        Optional<QueueAction> action() {
            return action;
        }

        private static What of(String word) throws Wrong {
            return Arrays.stream(values())
                    .filter(one -> one.toString().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new Wrong("there is no 'queue " + word + "'; there are "
                            + Arrays.stream(values()).map(What::toString).collect(Collectors.joining(", "))));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The line is wrong; the message says how. */
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    private QueueArguments(What what) {
        this.what = what;
    }

    static QueueArguments parse(List<String> words) throws Wrong {
        if (words.isEmpty()) {
            throw new Wrong("what is to be done with the queue? list, show, hold, release, retry or remove");
        }
        QueueArguments arguments = new QueueArguments(What.of(words.getFirst()));
        Deque<String> left = new ArrayDeque<>(words.subList(1, words.size()));
        while (!left.isEmpty()) {
            arguments.take(left.poll(), left);
        }
        arguments.check();
        return arguments;
    }

    private void take(String word, Deque<String> left) throws Wrong {
        if (!word.startsWith("-")) {
            ids.add(id(word));
            return;
        }
        int equals = word.indexOf('=');
        String option = equals < 0 ? word : word.substring(0, equals);
        if (equals >= 0) {
            left.push(word.substring(equals + 1));
        }
        switch (option) {
            case "--domain" -> domain = Optional.of(value(option, left));
            case "--binding" -> binding = Optional.of(value(option, left));
            case "--identity" -> identity = Optional.of(value(option, left));
            case "--sender" -> sender = Optional.of(path(value(option, left)));
            case "--recipient" -> recipient = Optional.of(path(value(option, left)));
            case "--reason" -> reason = Optional.of(value(option, left));
            case "--state" -> state = Optional.of(state(value(option, left)));
            case "--older" -> olderThan = Optional.of(age(option, value(option, left)));
            case "--younger" -> youngerThan = Optional.of(age(option, value(option, left)));
            case "--limit" -> limit = Optional.of(number(option, value(option, left)));
            case "--all" -> all = flag(option, equals);
            case "--summary" -> summary = flag(option, equals);
            case IN_MEMORY -> inMemory = flag(option, equals);
            case "--json" -> json = flag(option, equals);
            case "--yes" -> yes = flag(option, equals);
            case "--dry-run" -> dryRun = flag(option, equals);
            case AllNodes.OPTION -> allNodes = flag(option, equals);
            default -> throw new Wrong("there is no option " + option);
        }
    }

    private static MessageId id(String word) throws Wrong {
        try {
            return new MessageId(word);
        } catch (IllegalArgumentException wrong) {
            throw new Wrong("'" + word + "' is " + wrong.getMessage());
        }
    }

    private static boolean flag(String option, int equals) throws Wrong {
        if (equals >= 0) {
            throw new Wrong(option + " takes no value");
        }
        return true;
    }

    private static String value(String option, Deque<String> left) throws Wrong {
        if (left.isEmpty()) {
            throw new Wrong(option + " needs a value");
        }
        return left.poll();
    }

    private static String path(String text) {
        return text.startsWith("<") && text.endsWith(">") ? text.substring(1, text.length() - 1) : text;
    }

    private static QueueEntry.State state(String word) throws Wrong {
        return Arrays.stream(QueueEntry.State.values())
                .filter(one -> one.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new Wrong("--state takes one of "
                        + Arrays.stream(QueueEntry.State.values())
                                .map(QueueEntry.State::toString)
                                .collect(Collectors.joining(", "))));
    }

    private static Duration age(String option, String text) throws Wrong {
        Matcher matcher = AGE.matcher(text);
        if (!matcher.matches()) {
            throw new Wrong(option + " takes a number with s, m, h, d or w, such as 90m");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    private static int number(String option, String text) throws Wrong {
        if (!text.matches("[0-9]{1,9}")) {
            throw new Wrong(option + " takes a number");
        }
        return Integer.parseInt(text);
    }

    private void check() throws Wrong {
        if (what == What.SHOW && ids.isEmpty()) {
            throw new Wrong("which message? 'queue list' shows their ids");
        }
        boolean everything = filter().meansAll();
        if (what.action().isPresent() && everything && !all) {
            throw new Wrong("which mail is meant? Give ids or a filter, or --all");
        }
        if (all && !everything) {
            throw new Wrong("--all and a filter exclude each other");
        }
        if (what != What.LIST && (summary || limit.isPresent())) {
            throw new Wrong("--summary and --limit belong to 'queue list'");
        }
        if (what == What.SHOW && inMemory && !allNodes) {
            throw new Wrong("'queue show' shows the messages that it is given, wherever they are");
        }
        if (what.action().isEmpty() && (yes || dryRun)) {
            throw new Wrong("--yes and --dry-run belong to what changes the queue");
        }
        if (allNodes && what == What.REMOVE && !yes && !dryRun) {
            throw new Wrong("'queue remove " + AllNodes.OPTION
                    + "' needs --yes: the other nodes ask nobody. --dry-run shows what would be removed");
        }
    }

    What what() {
        return what;
    }

    QueueFilter filter() {
        return new QueueFilter(
                ids, domain, binding, identity, sender, recipient, reason, state, olderThan, youngerThan, inMemory);
    }

    /** One of the messages that are named, wherever this command is to look for it. */
    QueueFilter filter(MessageId id) {
        QueueFilter one = QueueFilter.of(Set.of(id));
        return inMemory ? one.onlyInMemory() : one;
    }

    Set<MessageId> ids() {
        return ids;
    }

    /** How many entries are shown at most, if that was said. */
    Optional<Integer> limit() {
        return limit;
    }

    boolean summary() {
        return summary;
    }

    boolean json() {
        return json;
    }

    /** Whether nobody is to be asked. */
    boolean yes() {
        return yes;
    }

    boolean dryRun() {
        return dryRun;
    }

    /** Whether the other nodes are meant as well. */
    boolean allNodes() {
        return allNodes;
    }
}
