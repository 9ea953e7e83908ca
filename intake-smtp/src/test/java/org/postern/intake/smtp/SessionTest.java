// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.spool.SpoolFullException;

/** Commands and replies. */
class SessionTest {

    private static final String ENVELOPE = "EHLO c.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\n";

    private final FakeEngine engine = new FakeEngine();
    private final ListenSettings settings = Settings.listen("127.0.0.1:0").read();

    private MemoryWire talk(String... pieces) throws IOException {
        return MemorySession.talk(engine, settings, pieces);
    }

    @Test
    void offersItsExtensions() throws IOException {
        assertThat(talk("EHLO c.example\r\n").replies())
                .containsExactly(
                        "220 mx.example ESMTP Postern",
                        "250-mx.example",
                        "250-PIPELINING",
                        "250-SIZE 52428800",
                        "250-8BITMIME",
                        "250-SMTPUTF8",
                        "250-DSN",
                        "250-CHUNKING",
                        "250-ENHANCEDSTATUSCODES",
                        "250 HELP");
    }

    @ParameterizedTest
    @CsvSource({"EHLO, ESMTP", "HELO, SMTP"})
    void tellsTheEngineWhoHandedAMessageIn(String verb, String protocol) throws IOException {
        talk(
                verb + " pc.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n",
                "x\r\n.\r\nQUIT\r\n");
        assertThat(engine.only().context())
                .isEqualTo(Map.of(
                        "xclient_addr",
                        "127.0.0.1",
                        "xclient_port",
                        Integer.toString(MemorySession.PORT),
                        "xclient_helo",
                        "pc.example",
                        "xclient_proto",
                        protocol));
    }

    @Test
    void tellsNothingThatAClientCallsItselfInOtherSignsThanNamesHave() throws IOException {
        talk(
                "EHLO p\u00e4ckchen\0.example\r\nEHLO " + "x".repeat(300) + "\r\nMAIL FROM:<a@example.org>\r\n",
                "RCPT TO:<b@example.net>\r\nBDAT 3 LAST\r\nx\r\nQUIT\r\n");
        assertThat(engine.only().context()).containsOnlyKeys("xclient_addr", "xclient_port", "xclient_proto");
    }

    @Test
    void takesWhatTheSenderWantsToHear() throws IOException {
        talk(
                "EHLO c.example\r\nMAIL FROM:<a@example.org> RET=full ENVID=id+207\r\n",
                "RCPT TO:<b@example.net> NOTIFY=success,Delay ORCPT=rfc822;b+2Bx@example.net\r\n",
                "RCPT TO:<c@example.net>\r\nDATA\r\n",
                "x\r\n.\r\nQUIT\r\n");
        assertThat(engine.only().envelope().dsn())
                .isEqualTo(new DsnRequest(
                        Optional.of(DsnRequest.Return.FULL),
                        Optional.of("id+207"),
                        List.of(
                                new DsnRequest.Recipient(
                                        Set.of(DsnRequest.Notify.SUCCESS, DsnRequest.Notify.DELAY),
                                        Optional.of("rfc822;b+2Bx@example.net")),
                                DsnRequest.Recipient.NONE)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOTIFY=",
                "NOTIFY",
                "NOTIFY=ALWAYS",
                "NOTIFY=NEVER,DELAY",
                "NOTIFY=DELAY,",
                "NOTIFY=DELAY NOTIFY=DELAY",
                "ORCPT",
                "ORCPT=b@example.net",
                "ORCPT=rfc822;+0D+0A"
            })
    void refusesWishesThatAreNone(String parameter) throws IOException {
        assertThat(talk("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.net> " + parameter + "\r\n")
                        .codes()
                        .getLast())
                .isEqualTo("501");
        assertThat(talk("EHLO c\r\nMAIL FROM:<> ENVID=+0A\r\n").codes().getLast())
                .isEqualTo("501");
        assertThat(talk("EHLO c\r\nMAIL FROM:<> RET=ALL\r\n").codes().getLast()).isEqualTo("501");
        assertThat(talk("HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.net> NOTIFY=DELAY\r\n")
                        .codes()
                        .getLast())
                .isEqualTo("555");
    }

    @Test
    void answersABatchWithOneWrite() throws IOException {
        MemoryWire wire = talk(ENVELOPE + "RCPT TO:<c@example.net>\r\nDATA\r\n", "x\r\n.\r\nMAIL FROM:<>\r\nQUIT\r\n");
        assertThat(wire.codes()).containsExactly("250", "250", "250", "250", "354", "250", "250", "221");
        assertThat(wire.writes()).isEqualTo(3);
    }

    @Test
    void refusesWhoSpeaksBeforeTheGreeting() throws IOException {
        MemoryWire wire = new MemoryWire("EHLO x\r\n".getBytes(StandardCharsets.US_ASCII)).early();
        assertThat(MemorySession.talk(engine, settings, wire).replies())
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .startsWith("554 5.5.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP\n", "NO\rOP\r\n", "\n", "\r\r\n", "NOOP\r \n", "NOOP a\nQUIT\r\n"})
    void endsTheConnectionForBareLineEndsInCommands(String line) throws IOException {
        MemoryWire wire = talk("EHLO c.example\r\n", line, "NOOP\r\n");
        assertThat(wire.replies().getLast()).startsWith("500 5.5.2 bare ");
        assertThat(talk(("EHLO c.example\r\n" + line + "NOOP\r\n").split(""))
                        .replies()
                        .getLast())
                .startsWith("500 5.5.2 bare ");
    }

    @Test
    void takesLinesUpToTheLimitAndSkipsLongerOnes() throws IOException {
        String longest = "NOOP " + "x".repeat(2048 - 7) + "\r\n";
        String longer = "NOOP " + "x".repeat(2048 - 6) + "\r\n";
        String huge = "QUIT " + "x".repeat(200_000) + "\r\n";
        assertThat(talk(longest, longer, huge, "NOOP\r\n").codes()).containsExactly("250", "500", "500", "250");
        assertThat(talk(longest + longer + huge + "NOOP\r\n").codes()).containsExactly("250", "500", "500", "250");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 2047, 2048, 2049, 65_535, 65_536})
    void findsTheEndOfALongLineWhereverItIsCut(int cut) throws IOException {
        String said = "x".repeat(70_000) + "\r\nNOOP\r\n";
        assertThat(talk(said.substring(0, cut), said.substring(cut)).codes()).containsExactly("500", "250");
        assertThat(talk(said.substring(0, 70_001), said.substring(70_001)).codes())
                .containsExactly("500", "250");
    }

    @Test
    void givesUpOnALineThatDoesNotEnd() throws IOException {
        assertThat(talk("x".repeat(3_000_000), "\r\nNOOP\r\n").codes()).containsExactly("500");
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        MemoryWire wire = new MemoryWire(new byte[] {'N', 'O', 'O', 'P', ' ', (byte) 0xff, '\r', '\n'});
        assertThat(MemorySession.talk(engine, settings, wire).codes()).containsExactly("500");
    }

    @Test
    void refusesControlCharactersInAddresses() throws IOException {
        assertThat(talk("EHLO c\r\nMAIL FROM:<a\0@example.org>\r\nMAIL FROM:<a\t@example.org>\r\n")
                        .codes())
                .containsExactly("250", "501", "501");
    }

    @Test
    void doesNotRepeatWhatCouldHarmATerminal() throws IOException {
        assertThat(talk("EHLO c\r\nMAIL FROM:<a@example.org> \u001b[2J=1\r\nMAIL FROM:<a@\u009b>\r\n")
                        .replies())
                .allSatisfy(line -> assertThat(line).matches("[ -~]*"));
    }

    @Test
    void closesAfterTooManyErrors() throws IOException {
        MemoryWire wire = talk("EHLO c\r\n" + "WHAT\r\n".repeat(40));
        assertThat(wire.codes()).hasSize(1 + 21 + 1).endsWith("500", "421");
    }

    @Test
    void forgetsErrorsWithEachMessage() throws IOException {
        String round = "MAIL FROM:<>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n.\r\n" + "WHAT\r\n".repeat(15);
        assertThat(talk("EHLO c\r\n" + round.repeat(4) + "NOOP\r\n").codes()).endsWith("250");
    }

    @Test
    void doesNotCountBadAddressesOfTrustedPeers() throws IOException {
        MemoryWire wire = talk(ENVELOPE + "RCPT TO:<bad>\r\n".repeat(50) + "DATA\r\nx\r\n.\r\n");
        assertThat(wire.codes()).endsWith("501", "354", "250");
    }

    @Test
    void deniesRelayingToOthersAndClosesInTheEnd() throws IOException {
        ListenSettings strict = Settings.listen("127.0.0.1:0")
                .with("relay_hosts", "192.0.2.0/24")
                .read();
        MemoryWire wire = MemorySession.talk(engine, strict, ENVELOPE + "RCPT TO:<b@example.net>\r\n".repeat(40));
        assertThat(wire.replies()).contains("550 5.7.1 relaying denied for your address");
        assertThat(wire.replies().getLast()).startsWith("421 4.7.0");
        assertThat(MemorySession.talk(engine, strict, ENVELOPE + "DATA\r\n").codes())
                .containsExactly("250", "250", "550", "554");
    }

    @Test
    void takesNoMoreRecipientsThanAllowed() throws IOException {
        ListenSettings few =
                Settings.listen("127.0.0.1:0").with("max_recipients", "100").read();
        MemoryWire wire = MemorySession.talk(
                engine, few, ENVELOPE + "RCPT TO:<c@example.net>\r\n".repeat(100) + "DATA\r\nx\r\n.\r\n");
        assertThat(wire.codes()).endsWith("250", "452", "354", "250");
        assertThat(engine.only().envelope().recipients()).hasSize(100);
    }

    @ParameterizedTest
    @CsvSource({
        "submit,full,452 4.3.1",
        "submit,io,452 4.3.0",
        "submit,bug,451 4.3.0",
        "write,full,452 4.3.1",
        "write,io,452 4.3.0",
        "accept,full,452 4.3.1",
        "accept,io,452 4.3.0",
        "accept,bug,451 4.3.0"
    })
    void answersWhatTheEngineSays(String where, String what, String expected) throws IOException {
        FakeEngine.Step step = failure(what);
        engine.atSubmit = where.equals("submit") ? step : FakeEngine.NOTHING;
        engine.atWrite = where.equals("write") ? step : FakeEngine.NOTHING;
        engine.atAccept = where.equals("accept") ? step : FakeEngine.NOTHING;
        boolean early = !where.equals("accept");
        MemoryWire wire = talk(ENVELOPE + "DATA\r\n" + (early ? "" : "x\r\n.\r\n") + "NOOP\r\n");
        assertThat(wire.replies()).anySatisfy(line -> assertThat(line).startsWith(expected));
        assertThat(wire.codes()).endsWith("250");
        assertThat(engine.accepted).isEmpty();
        assertThat(engine.open).hasValue(0);
    }

    @Test
    void readsTheContentToItsEndWhenStorageFailsInTheMiddle() throws IOException {
        int[] writes = {0};
        engine.atWrite = () -> {
            if (++writes[0] > 2) {
                throw new SpoolFullException("full");
            }
        };
        MemoryWire wire = talk(ENVELOPE + "DATA\r\n", "a\r\n", "b\r\n", "c\r\n", ".\r\nNOOP\r\n");
        assertThat(wire.codes()).endsWith("354", "452", "250");
        assertThat(engine.open).hasValue(0);
    }

    private static FakeEngine.Step failure(String what) {
        return () -> {
            switch (what) {
                case "full" -> throw new SpoolFullException("no room");
                case "io" -> throw new IOException("disk gone");
                default -> throw new IllegalStateException("bug");
            }
        };
    }

    @Test
    void addsAReceivedField() throws IOException {
        talk(ENVELOPE + "DATA\r\nSubject: x\r\n\r\n.\r\n");
        assertThat(new String(engine.only().content(), StandardCharsets.US_ASCII))
                .isEqualTo("Received: from c.example ([127.0.0.1])\r\n\tby mx.example with ESMTP id token-1\r\n"
                        + "\tfor <b@example.net>;\r\n\tMon, 23 Nov 2026 08:09:10 +0000\r\nSubject: x\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "HELO c.example,from c.example (",
        "EHLO [192.0.2.1],from [192.0.2.1] (",
        "EHLO evil(x) <a>,from unknown (",
        "EHLO ä.example,from unknown ("
    })
    void trustsNoNameInTheReceivedField(String hello, String expected) throws IOException {
        talk(hello + "\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.net>\r\nRCPT TO:<c@example.net>\r\nDATA\r\n.\r\n");
        assertThat(new String(engine.only().content(), StandardCharsets.UTF_8))
                .contains(expected)
                .doesNotContain("for <")
                .contains(hello.startsWith("HELO") ? "with SMTP id" : "with ESMTP id");
    }

    @Test
    void closesWhenThePeerIsSlow() throws IOException {
        Wire silent = new Wire() {
            final MemoryWire memory = new MemoryWire();

            @Override
            public int read(byte[] buffer, int from, int length, long nanos) throws IOException {
                throw new SocketTimeoutException();
            }

            @Override
            public void write(byte[] buffer, int from, int length) {
                memory.write(buffer, from, length);
                assertThat(memory.replies()).isNotEmpty();
                last = memory.replies().getLast();
            }

            @Override
            public boolean hasInput() {
                return false;
            }
        };
        new Session(context(System::nanoTime), silent).run();
        assertThat(last).startsWith("421 4.4.2");
    }

    private String last;

    @Test
    void closesWhenACommandDribbles() throws IOException {
        long[] now = {0};
        MemoryWire wire =
                new MemoryWire("NOOP NOOP NOOP NOOP NOOP\r\n".repeat(20).getBytes(StandardCharsets.US_ASCII));
        new Session(context(() -> now[0]), dribbling(wire, now, 20)).run();
        // 300 s for a command, 20 s for each octet: the first command is not finished in time.
        assertThat(wire.replies().getLast()).startsWith("421 4.4.2");
        assertThat(wire.codes()).containsExactly("421");
    }

    @Test
    void closesWhenContentDribbles() throws IOException {
        long[] now = {0};
        String said = "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n" + "x\r\n".repeat(1000);
        MemoryWire wire = new MemoryWire(said.getBytes(StandardCharsets.US_ASCII));
        new Session(context(() -> now[0]), dribbling(wire, now, 1)).run();
        assertThat(wire.codes()).containsExactly("250", "250", "250", "354", "421");
        assertThat(engine.octets.get()).isLessThan(600);
        assertThat(engine.open).hasValue(0);
    }

    private static Wire dribbling(MemoryWire wire, long[] now, int secondsPerOctet) {
        return new Wire() {
            @Override
            public int read(byte[] buffer, int from, int length, long nanos) {
                now[0] += secondsPerOctet * 1_000_000_000L;
                return wire.read(buffer, from, 1, nanos);
            }

            @Override
            public void write(byte[] buffer, int from, int length) {
                wire.write(buffer, from, length);
            }

            @Override
            public boolean hasInput() {
                return false;
            }
        };
    }

    private SessionContext context(java.util.function.LongSupplier nanoTime) {
        return new SessionContext(
                settings,
                InetAddress.getLoopbackAddress(),
                MemorySession.PORT,
                "token",
                () -> Optional.of(engine),
                () -> false,
                MemorySession.CLOCK,
                nanoTime,
                new Complaints(nanoTime));
    }
}
