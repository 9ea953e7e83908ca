// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.audit.AuditEvent.Action;
import org.postern.spi.audit.ChainedLog;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;

class AuditShowTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    @TempDir
    Path state;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    /** Of a relay and of the vault beside it. */
    @BeforeEach
    void write() throws IOException {
        try (ChainedLog log = ChainedLog.open(state.resolve("audit.log.20261120T000000.000Z"), "")) {
            append(log, "2026-11-20T08:00:00.123Z", login("alice", Optional.empty(), "vault:relay-1", "v1"));
        }
        try (ChainedLog log = ChainedLog.open(state.resolve("audit.log"), "00")) {
            AuditEvent refused = AuditEvent.of(
                            Action.LOGIN, "refused", identity("bob", Optional.of("carol"), "jdbc:relay-2", "7"))
                    .with("peer", "smtp.example.com:587")
                    .with("reply", "535 5.7.8 \"no\" \\ \u001b[31m");
            append(log, "2026-11-27T09:00:00Z", refused);
            append(
                    log,
                    "2026-11-27T11:30:00Z",
                    AuditEvent.of(Action.LOSS, "missing").with("count", "3"));
        }
        try (ChainedLog log = ChainedLog.open(state.resolve("mail.kdbx.audit"), "")) {
            log.append(
                    "\"time\":\"2026-11-27T08:59:00Z\",\"by\":\"root\",\"change\":\"rotate\",\"entries\":"
                            + "[{\"key\":\"relay-1\",\"version\":\"v2\"},{\"key\":\"gone\",\"version\":null}],\"generation\":4");
            log.append("\"time\":\"2026-11-27T11:59:00Z\",\"by\":\"root\",\"change\":\"rekey\",\"entries\":[],"
                    + "\"generation\":5");
        }
        Files.writeString(state.resolve("audit.log.head"), "not a log\n");
        Files.writeString(state.resolve("other"), "not a log\n");
    }

    private static void append(ChainedLog log, String time, AuditEvent event) throws IOException {
        log.append("\"time\":\"" + time + "\"," + event.members());
    }

    private static AuditEvent login(String user, Optional<String> as, String reference, String version) {
        return AuditEvent.of(Action.LOGIN, "succeeded", identity(user, as, reference, version))
                .with("peer", "smtp.example.com:587");
    }

    private static AuthIdentity identity(String user, Optional<String> as, String reference, String version) {
        return new AuthIdentity(user, as, reference, new CredentialVersion(version));
    }

    private int show(String... options) {
        printed.reset();
        complained.reset();
        List<String> line = new java.util.ArrayList<>(List.of("show"));
        line.addAll(List.of(options));
        return new AuditCommand(Clock.fixed(NOW, ZoneOffset.UTC))
                .run(line, new ByteArrayInputStream(new byte[0]), stream(printed), stream(complained));
    }

    private static PrintStream stream(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private List<String> rows() {
        return said().lines().skip(1).map(row -> row.replaceAll("  +", " | ")).toList();
    }

    @Test
    void showsAllLogsOfADirectoryInTheOrderOfTime() {
        assertThat(show(state.toString())).isZero();
        assertThat(said()).startsWith("TIME ");
        assertThat(rows())
                .containsExactly(
                        "2026-11-20T08:00:00Z | alice | login | vault:relay-1 | v1 | smtp.example.com:587 | succeeded",
                        "2026-11-27T08:59:00Z | root | vault rotate | relay-1 | v2 | - | done",
                        "2026-11-27T08:59:00Z | root | vault rotate | gone | - | - | done",
                        "2026-11-27T09:00:00Z | bob for carol | login | jdbc:relay-2 | 7 | smtp.example.com:587"
                                + " | refused: 535 5.7.8 \"no\" \\ \\u001b[31m",
                        "2026-11-27T11:30:00Z | - | loss | - | - | - | missing",
                        "2026-11-27T11:59:00Z | root | vault rekey | - | - | - | done");
    }

    @ParameterizedTest
    @CsvSource({
        "relay-1, 2",
        "vault:relay-1, 1",
        "alice, 1",
        "carol, 1",
        "root, 3",
        "gone, 1",
        "relay, 0",
        "elay-1, 0",
    })
    void showsOnlyWhatConcernsAnAccount(String account, int rows) {
        assertThat(show(state.toString(), "--account", account)).isZero();
        assertThat(said().lines().filter(row -> row.startsWith("2026"))).hasSize(rows);
        assertThat(said().contains("There is nothing of that kind")).isEqualTo(rows == 0);
    }

    @ParameterizedTest
    @CsvSource({"30m, 2", "3h, 3", "1d, 5", "1w, 5", "2w, 6", "2026-11-27, 5", "2026-11-27T11:30:00Z, 2", "0s, 0"})
    void leavesOutWhatIsOlder(String since, int rows) {
        assertThat(show("--since=" + since, state.toString())).isZero();
        assertThat(said().lines().filter(row -> row.startsWith("2026"))).hasSize(rows);
    }

    @Test
    void printsTheLinesAsTheyAreForPrograms() throws Exception {
        assertThat(show("--json", "--account=bob", state.toString())).isZero();
        assertThat(said().lines())
                .containsExactly(Files.readAllLines(state.resolve("audit.log")).getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "\"time\":\"2026-11-27T09:00:00Z\"",
                "{\"time\":\"yesterday\"}",
                "{\"time\":\"2026-11-27T09:00:00Z\",\"user\"}",
                "{\"time\":\"2026-11-27T09:00:00Z\",\"user\":\"al}",
                "{\"time\":\"2026-11-27T09:00:00Z\",\"user\":\"al\\\"}",
                "{\"time\":\"2026-11-27T09:00:00Z\",\"user\":}\"",
                "{\"time\":\"2026-11-27T09:00:00Z\",\"user\":\"\u001b]0;owned\u0007\"}",
                "{\"time\":\"2026-11-27T09:00:00Z\",\"user\":\"\u202edlrow\"}",
            })
    void leavesOutWhatNoLogWritesAndSaysSo(String line) throws Exception {
        Path log = state.resolve("audit.log");
        Files.writeString(log, line + "\n" + line + "\n", StandardOpenOption.APPEND);
        assertThat(show(log.toString())).isEqualTo(1);
        assertThat(rows()).hasSize(2);
        assertThat(complained.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("audit: " + log
                        + ": line 3 is no line of such a log, or is not whole; what is like it is left out");
        assertThat(show("--json", log.toString())).isEqualTo(1);
        assertThat(said().lines()).hasSize(2);
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() throws Exception {
        assertThat(show()).isEqualTo(2);
        assertThat(show("--loud", state.toString())).isEqualTo(2);
        assertThat(show(state.toString(), "--since")).isEqualTo(2);
        assertThat(show(state.toString(), "--since", "yesterday")).isEqualTo(2);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("30m, 12h, 7d or 2w");
        assertThat(show(state.resolve("absent").toString())).isEqualTo(1);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("there is no file");
        assertThat(show(Files.createDirectory(state.resolve("empty")).toString()))
                .isEqualTo(1);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("there is no audit log in");
        assertThat(show("a\u0000b")).isEqualTo(1);
    }
}
