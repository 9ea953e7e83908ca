// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody wants to see of audit logs.
 *
 * @param files or directories with such logs
 * @param since nothing older
 * @param account only what concerns this user or credential
 * @param json whether for programs
 */
record AuditQuestion(List<String> files, Optional<Instant> since, Optional<String> account, boolean json) {

    private static final Pattern AGO = Pattern.compile("([0-9]{1,5})([smhdw])");
    private static final Set<String> ABOUT = Set.of("user", "authorization", "by", "reference", "key");

    /** The line is wrong; the message says how. */
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    AuditQuestion {
        files = List.copyOf(files);
    }

    static AuditQuestion parse(List<String> words, Instant now) throws Wrong {
        List<String> files = new ArrayList<>();
        Optional<Instant> since = Optional.empty();
        Optional<String> account = Optional.empty();
        boolean json = false;
        for (Iterator<String> left = words.iterator(); left.hasNext(); ) {
            String word = left.next();
            String option = word.startsWith("--") ? word.replaceFirst("=.*", "") : word;
            switch (option) {
                case "--json" -> json = true;
                case "--since" -> since = Optional.of(moment(value(word, left), now));
                case "--account" -> account = Optional.of(value(word, left));
                default -> {
                    if (word.startsWith("-")) {
                        throw new Wrong("there is no option " + word);
                    }
                    files.add(word);
                }
            }
        }
        if (files.isEmpty()) {
            throw new Wrong("say which logs to show: files, or the state directory of a relay");
        }
        return new AuditQuestion(files, since, account, json);
    }

    private static String value(String word, Iterator<String> left) throws Wrong {
        int equals = word.indexOf('=');
        if (equals < 0 && !left.hasNext()) {
            throw new Wrong(word + " needs a value");
        }
        return equals < 0 ? left.next() : word.substring(equals + 1);
    }

    private static Instant moment(String text, Instant now) throws Wrong {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            return now.minus(times(Integer.parseInt(ago.group(1)), ago.group(2)));
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException neither) {
            throw new Wrong("--since takes 30m, 12h, 7d or 2w, a day such as 2026-11-27, or a moment such as "
                    + "2026-11-27T09:14:00Z, both in UTC");
        }
    }

    private static Duration times(int count, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(7L * count);
        };
    }

    /** Whether it wants to see this line. */
    boolean wants(AuditLine line) {
        return since.filter(line.when()::isBefore).isEmpty()
                && (account.isEmpty()
                        || line.members().stream()
                                .anyMatch(member -> ABOUT.contains(member.name()) && isAbout(member.value())));
    }

    /** Whether it wants to see what has to do with this user or credential. */
    boolean isAbout(String name) {
        return account.isEmpty() || name.equals(account.get()) || name.endsWith(":" + account.get());
    }
}
