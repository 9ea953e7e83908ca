// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.postern.engine.dto.CredentialView;

/** Credentials for people. */
final class CredentialsText {

    private static final String BOLD = "\u001b[1m";
    private static final String BAD = "\u001b[31m";
    private static final String WARN = "\u001b[33m";
    private static final String GOOD = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";
    private static final Duration SOON = Duration.ofDays(7);
    private static final List<String> HEADINGS =
            List.of("REFERENCE", "VERSION", "USER", "PEER", "STATE", "AGE", "EXPIRES", "SESSIONS", "WAITING", "LIMITS");

    private CredentialsText() {}

    static void list(List<CredentialView> all, Instant now, PrintStream out) {
        if (all.isEmpty()) {
            out.println("No login was tried since the relay started.");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        all.forEach(one -> rows.add(row(one, now)));
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (int i = 0; i < rows.size(); i++) {
            String line = line(rows.get(i), widths);
            out.println(i == 0 ? BOLD + line + PLAIN : colour(all.get(i - 1)) + line + PLAIN);
        }
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static List<String> row(CredentialView one, Instant now) {
        return List.of(
                clean(one.reference()),
                clean(one.version()),
                clean(one.user()),
                clean(one.peer()),
                state(one),
                one.since().map(since -> span(since, now)).orElse("-"),
                one.expiry().map(end -> expires(end, now)).orElse("-"),
                Integer.toString(one.sessions()),
                Integer.toString(one.waiting()),
                one.limits().isEmpty() ? "-" : limits(one));
    }

    private static String state(CredentialView one) {
        return one.state()
                + one.nextLogin().map(until -> " until " + until(until)).orElse("");
    }

    private static String until(Instant when) {
        return when.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String limits(CredentialView one) {
        return one.limits().stream()
                .map(limit -> limit.used() + " of " + clean(limit.limit()))
                .collect(Collectors.joining(", "));
    }

    private static String expires(Instant end, Instant now) {
        return end.isAfter(now) ? "in " + span(now, end) : "expired";
    }

    /** The two largest units that are not zero, as people say it. */
    static String span(Instant from, Instant to) {
        Duration time = Duration.between(from, to);
        if (time.isNegative()) {
            return "0s";
        }
        if (time.toDays() > 0) {
            return time.toDays() + "d " + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h " + time.toMinutesPart() + "m";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + "m " + time.toSecondsPart() + "s" : time.toSeconds() + "s";
    }

    private static String colour(CredentialView one) {
        return switch (one.state()) {
            case "refused" -> BAD;
            case "pausing" -> WARN;
            default -> "";
        };
    }

    static void show(CredentialView one, Instant now, PrintStream out) {
        out.println(BOLD + clean(one.reference()) + " at " + clean(one.peer()) + PLAIN);
        field(out, "version", clean(one.version()));
        field(out, "user", clean(one.user()));
        one.authorization().ifPresent(other -> field(out, "on behalf of", clean(other)));
        field(
                out,
                "stored or issued",
                one.since().map(when -> when + ", " + span(when, now) + " ago").orElse("unknown"));
        field(out, "expires", one.expiry().map(when -> mark(when, now)).orElse("never, as far as is known"));
        field(out, "state", colour(one) + state(one) + PLAIN + refusals(one));
        field(
                out,
                "last login",
                one.lastLogin()
                        .map(when -> when + ", " + span(when, now) + " ago")
                        .orElse("none yet"));
        one.lastReply().ifPresent(reply -> field(out, "last reply", clean(reply)));
        field(out, "sessions", Integer.toString(one.sessions()));
        field(out, "waiting for a limit", one.waiting() + " messages");
        one.limits().forEach(limit -> field(out, "limit " + clean(limit.limit()), limit.used() + " used"));
    }

    private static String mark(Instant end, Instant now) {
        String colour = !end.isAfter(now) ? BAD : end.isAfter(now.plus(SOON)) ? "" : WARN;
        return colour + end + ", " + expires(end, now) + PLAIN;
    }

    private static String refusals(CredentialView one) {
        return one.refusals() == 0 ? "" : "; refused " + one.refusals() + (one.refusals() == 1 ? " time" : " times");
    }

    private static void field(PrintStream out, String name, String value) {
        out.println(String.format(Locale.ROOT, "  %-22s %s", name, value));
    }

    /** What becomes of a retry. */
    static String due(CredentialView one) {
        String which = clean(one.reference()) + " at " + clean(one.peer());
        return one.nextLogin()
                .map(until -> which + ": a login between two regular ones was spent already; the next is due at "
                        + until(until))
                .orElse(which + ": a login is due now, and takes place with the next message that waits for it");
    }

    /** How a login ended. */
    static String ended(CredentialView one) {
        String how = one.state().equals("well") ? GOOD + "succeeded" + PLAIN : BAD + "did not succeed" + PLAIN;
        return clean(one.reference()) + " at " + clean(one.peer()) + ": the login " + how
                + one.lastReply().map(reply -> ": " + clean(reply)).orElse("");
    }

    /** Names come from stores and replies from strangers, and a terminal obeys control characters. */
    static String clean(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\u2028\u2029]", "?");
    }
}
