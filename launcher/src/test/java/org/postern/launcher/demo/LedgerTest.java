// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postern.peer.ReceivedMessage;

class LedgerTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final String TRACE = "Received: from localhost\r\n\tby relay; today\r\n";

    private final Correspondent correspondent = Correspondent.MESSAGE_SYSTEMS;
    private final Ledger ledger = new Ledger(correspondent);
    private final DemoMessage first = DemoMessage.number(0);
    private final DemoMessage second = DemoMessage.number(2);

    private void oweBoth() {
        ledger.owe(first, START);
        ledger.owe(second, START);
    }

    private void arrive(DemoMessage message) {
        arrive(message, "msys", "LOGIN", "TLSv1.3", new String(message.content(), StandardCharsets.ISO_8859_1));
    }

    private void arrive(DemoMessage message, String user, String mechanism, String tls, String content) {
        ledger.received(new ReceivedMessage(
                Optional.ofNullable(user),
                Optional.ofNullable(mechanism),
                Optional.ofNullable(tls),
                message.sender(),
                "",
                List.of(message.recipient()),
                (TRACE + content).getBytes(StandardCharsets.ISO_8859_1),
                1,
                START.plusMillis(250)));
    }

    @Test
    void isContentWhenEverythingCameOnce() {
        oweBoth();
        arrive(first);
        arrive(second);

        PeerReport report = ledger.report();

        assertThat(report.perfect()).isTrue();
        assertThat(report.messages()).isEqualTo(2);
        assertThat(report.mechanisms()).containsExactly("LOGIN");
        assertThat(report.tls()).containsExactly("TLSv1.3");
        assertThat(report.sessions()).isEqualTo(1);
        assertThat(report.longestDelay()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void noticesWhatIsMissing() {
        oweBoth();
        arrive(first);

        assertThat(ledger.report().missing()).isEqualTo(1);
        assertThat(ledger.report().perfect()).isFalse();
    }

    @Test
    void noticesWhatCameTwice() {
        oweBoth();
        arrive(first);
        arrive(second);
        arrive(second);

        assertThat(ledger.report().duplicates()).isEqualTo(1);
        assertThat(ledger.report().missing()).isZero();
        assertThat(ledger.report().perfect()).isFalse();
    }

    @Test
    void noticesWhatWasAltered() {
        oweBoth();
        arrive(first);
        arrive(second, "msys", "LOGIN", "TLSv1.3", "Subject: other\r\n\r\n");

        assertThat(ledger.report().altered()).isEqualTo(1);
        assertThat(ledger.report().perfect()).isFalse();
    }

    @Test
    void noticesWhatNobodySent() {
        arrive(first);

        assertThat(ledger.report().altered()).isEqualTo(1);
        assertThat(ledger.report().perfect()).isFalse();
    }

    @Test
    void noticesAnotherIdentityOrMechanismOrNone() {
        oweBoth();
        String content = new String(first.content(), StandardCharsets.ISO_8859_1);
        arrive(first, "sparkpost", "LOGIN", "TLSv1.3", content);
        arrive(first, "msys", "PLAIN", "TLSv1.3", content);
        arrive(first, null, null, "TLSv1.3", content);

        assertThat(ledger.report().wrongIdentity()).isEqualTo(3);
        assertThat(ledger.report().perfect()).isFalse();
    }

    @Test
    void noticesMailInClear() {
        ledger.owe(first, START);
        arrive(first, "msys", "LOGIN", null, new String(first.content(), StandardCharsets.ISO_8859_1));

        assertThat(ledger.report().tls()).containsExactly("clear");
        assertThat(ledger.report().perfect()).isFalse();
    }

    @Test
    void isNotContentWithNothing() {
        assertThat(ledger.report().perfect()).isFalse();
    }

    @Test
    void givesAVerdictOnlyForAllThatWasAccepted() {
        oweBoth();
        arrive(first);
        arrive(second);
        List<PeerReport> reports = List.of(ledger.report());

        assertThat(new Verdict(2, reports, List.of(), 1, "t").perfect()).isTrue();
        assertThat(new Verdict(3, reports, List.of(), 1, "t").perfect()).isFalse();
        assertThat(new Verdict(2, reports, List.of("a \"b\""), 1, "t\\\n").json())
                .startsWith("{\"ok\":true,\"accepted\":2,\"seconds\":1.000,\"swaps\":[\"a \\\"b\\\"\"]")
                .contains("\"domain\":\"messagesystems.com\"", "\"transcript\":\"t\\\\\\u000a\"");
    }

    @Test
    void takesOneReceivedFieldOffAndNothingElse() {
        assertThat(without(TRACE + TRACE + "Subject: x\r\n")).isEqualTo(TRACE + "Subject: x\r\n");
        assertThat(without("Subject: x\r\n" + TRACE)).isEqualTo("Subject: x\r\n" + TRACE);
        assertThat(without("received: x")).isEmpty();
        assertThat(without("Rec")).isEqualTo("Rec");
        assertThat(without("")).isEmpty();
    }

    @Test
    void sendsNoMessageTwice() {
        assertThat(IntStream.range(0, 500)
                        .mapToObj(DemoMessage::number)
                        .map(message -> Arrays.hashCode(message.content()))
                        .distinct())
                .hasSize(500);
    }

    private static String without(String message) {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        return new String(TraceFields.without(octets), StandardCharsets.ISO_8859_1);
    }
}
