// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.TokenStatus;
import org.postern.spi.text.Printable;

/**
 * How the accounts are doing, for people and for programs.
 *
 * @param statuses of the accounts that can be used
 * @param mistakes of those whose stanza is wrong
 */
record StatusReport(List<TokenStatus> statuses, Map<String, String> mistakes) {

    String table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ACCOUNT", "USER", "GRANT", "STATE", "EXPIRES (UTC)", "TOKEN"));
        List<String> remarks = new ArrayList<>();
        for (TokenStatus status : statuses) {
            rows.add(List.of(
                    Printable.of(status.account().name()),
                    Printable.of(status.account().user()),
                    grant(status),
                    state(status),
                    status.expiry().map(StatusReport::second).orElse("-"),
                    status.version().map(Object::toString).orElse("-")));
            reason(status)
                    .ifPresent(text -> remarks.add(Printable.of(status.account().name()) + ": " + text));
        }
        mistakes.values().forEach(remarks::add);
        String table = aligned(rows);
        return remarks.isEmpty() ? table : table + "\n\n" + String.join("\n", remarks);
    }

    String json() {
        Stream<String> wrong = mistakes.entrySet().stream()
                .map(mistake -> "{\"account\":" + text(mistake.getKey()) + ",\"state\":\"wrong\",\"reason\":"
                        + text(mistake.getValue()) + "}");
        return Stream.concat(statuses.stream().map(StatusReport::json), wrong)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(TokenStatus status) {
        return "{\"account\":" + text(status.account().name())
                + ",\"user\":" + text(status.account().user())
                + ",\"grant\":" + text(grant(status))
                + ",\"state\":" + text(state(status))
                + ",\"reason\":" + reason(status).map(StatusReport::text).orElse("null")
                + ",\"version\":" + status.version().map(v -> text(v.value())).orElse("null")
                + ",\"expires\":" + status.expiry().map(e -> text(e.toString())).orElse("null")
                + ",\"refresh\":"
                + status.refresh().map(e -> text(e.toString())).orElse("null") + "}";
    }

    private static String text(String value) {
        return '"' + Printable.of(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String grant(TokenStatus status) {
        return switch (status.account().grant()) {
            case Grant.ClientCredentials own -> "client_credentials";
            case Grant.RefreshToken refresh -> "refresh_token";
            case Grant.JwtBearer bearer -> "jwt_bearer";
        };
    }

    private static String state(TokenStatus status) {
        return switch (status.state()) {
            case TokenStatus.State.Good good -> "good";
            case TokenStatus.State.NotAsked idle -> "not asked";
            case TokenStatus.State.Failing failing -> "failing";
            case TokenStatus.State.NeedsOperator needs -> "needs operator";
        };
    }

    private static Optional<String> reason(TokenStatus status) {
        return switch (status.state()) {
            case TokenStatus.State.Good good -> Optional.empty();
            case TokenStatus.State.NotAsked idle -> Optional.empty();
            case TokenStatus.State.Failing failing ->
                Optional.of(failing.reason() + "; asked again at " + second(failing.until()));
            case TokenStatus.State.NeedsOperator needs -> Optional.of(needs.reason());
        };
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", "");
    }

    private static String aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        });
        return rows.stream().map(row -> padded(row, widths)).collect(Collectors.joining("\n"));
    }

    private static String padded(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - length(row.get(i)) + 2));
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
