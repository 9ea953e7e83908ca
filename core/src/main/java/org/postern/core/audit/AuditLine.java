// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of an audit log, of the relay or of a vault: its members in their order, those of objects inside it too, which
 * is enough for both. What a line may hold is what {@link org.postern.spi.audit.ChainedLog#json} writes.
 *
 * @param text as it stands in the file; harmless on a terminal
 * @param when it was written
 * @param members names and values; values that are no strings as they stand there
 */
record AuditLine(String text, Instant when, List<Member> members) {

    /** @param value with what would do harm on a terminal as it is escaped in the file */
    record Member(String name, String value) {}

    AuditLine {
        members = List.copyOf(members);
    }

    /** Nothing if it is none, or has in it what no log writes. */
    static Optional<AuditLine> of(String line) {
        if (!line.startsWith("{") || !line.endsWith("}") || line.chars().anyMatch(AuditLine::isUnsafe)) {
            return Optional.empty();
        }
        try {
            List<Member> members = new Scan(line).members();
            return members.stream()
                    .filter(member -> member.name().equals("time"))
                    .findFirst()
                    .map(time -> new AuditLine(line, Instant.parse(time.value()), members));
        } catch (DateTimeException | IndexOutOfBoundsException broken) {
            return Optional.empty();
        }
    }

    private static boolean isUnsafe(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** The first value of this name. */
    Optional<String> value(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .map(Member::value)
                .findFirst();
    }

    /** Reads a line from its begin to its end. It ends beyond the line where the line is not whole. */
    private static final class Scan {

        private final String line;
        private int at;

        Scan(String line) {
            this.line = line;
        }

        List<Member> members() {
            List<Member> found = new ArrayList<>();
            while (at < line.length()) {
                if (line.charAt(at) != '"') {
                    at++;
                    continue;
                }
                String name = string();
                expectColon();
                char first = line.charAt(at);
                if (first == '"') {
                    found.add(new Member(name, string()));
                } else if (first != '[' && first != '{') {
                    found.add(new Member(name, bare()));
                }
            }
            return found;
        }

        private void expectColon() {
            if (line.charAt(at) != ':') {
                throw new IndexOutOfBoundsException(at);
            }
            at++;
        }

        private String string() {
            StringBuilder content = new StringBuilder();
            for (at++; line.charAt(at) != '"'; at++) {
                boolean plain = line.charAt(at) == '\\' && line.charAt(at + 1) != 'u';
                at += plain ? 1 : 0;
                content.append(line.charAt(at));
            }
            at++;
            return content.toString();
        }

        private String bare() {
            int from = at;
            while (",}]".indexOf(line.charAt(at)) < 0) {
                at++;
            }
            return line.substring(from, at);
        }
    }
}
