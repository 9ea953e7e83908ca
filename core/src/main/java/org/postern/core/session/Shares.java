// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Who may have how much of a limit, as it stands in a register: a line for each relay that has or wants some. Immutable.
 *
 * @param all at most one for each relay; who came first is first
 */
record Shares(List<Entry> all) {

    static final Shares NONE = new Shares(List.of());

    private static final int FIELDS = 3;

    /**
     * One relay's.
     *
     * @param relay its name
     * @param share how many sessions it may have
     * @param wants until when it waits for more than it has, by the time of all relays
     */
    record Entry(String relay, long share, Instant wants) {

        boolean holds() {
            return share > 0;
        }

        boolean isWaiting(Instant now) {
            return wants.isAfter(now);
        }
    }

    Shares {
        all = List.copyOf(all);
    }

    /** Without what nobody has any more. */
    Shares among(Predicate<String> living) {
        return new Shares(
                all.stream().filter(entry -> living.test(entry.relay())).toList());
    }

    Optional<Entry> of(String relay) {
        return all.stream().filter(entry -> entry.relay().equals(relay)).findFirst();
    }

    long heldBy(String relay) {
        return of(relay).map(Entry::share).orElse(0L);
    }

    long heldByOthers(String relay) {
        return all.stream()
                .filter(entry -> !entry.relay().equals(relay))
                .mapToLong(Entry::share)
                .sum();
    }

    boolean othersWait(String relay, Instant now) {
        return all.stream().anyMatch(entry -> !entry.relay().equals(relay) && entry.isWaiting(now));
    }

    /** How many have some or wait for some, this one included. */
    long claimantsWith(String relay, Instant now) {
        return 1
                + all.stream()
                        .filter(entry -> !entry.relay().equals(relay))
                        .filter(entry -> entry.holds() || entry.isWaiting(now))
                        .count();
    }

    /** Whether nobody that has none has waited for longer. */
    boolean isFirstOfWaiting(String relay, Instant now) {
        return all.stream()
                .filter(entry -> !entry.holds() && entry.isWaiting(now))
                .findFirst()
                .filter(entry -> !entry.relay().equals(relay))
                .isEmpty();
    }

    /** With this one where its relay's was, or last; and without those that neither have any nor wait. */
    Shares with(Entry own, Instant now) {
        List<Entry> next = new ArrayList<>();
        all.stream()
                .map(entry -> entry.relay().equals(own.relay()) ? own : entry)
                .forEach(next::add);
        if (of(own.relay()).isEmpty()) {
            next.add(own);
        }
        next.removeIf(entry -> !entry.holds() && !entry.isWaiting(now));
        return new Shares(next);
    }

    byte[] encoded() {
        return all.stream()
                .map(entry -> entry.relay() + " " + entry.share() + " "
                        + entry.wants().toEpochMilli() + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** What cannot be read is nobody's share. */
    static Shares decoded(byte[] value) {
        return new Shares(new String(value, StandardCharsets.US_ASCII)
                .lines()
                .flatMap(line -> entry(line).stream())
                .toList());
    }

    private static Optional<Entry> entry(String line) {
        String[] fields = line.split(" ", -1);
        try {
            return fields.length == FIELDS && Long.parseLong(fields[1]) >= 0
                    ? Optional.of(new Entry(
                            fields[0], Long.parseLong(fields[1]), Instant.ofEpochMilli(Long.parseLong(fields[2]))))
                    : Optional.empty();
        } catch (NumberFormatException unreadable) {
            return Optional.empty();
        }
    }
}
