// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.BodyType;

/** What becomes of content on its way from the wire to the engine. */
class ContentTest {

    private static final String ENVELOPE = "EHLO c.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\n";
    private static final String DOTTY = "Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.a\r\na.\r\n \r\n\r\n.b.\r\n";

    private final FakeEngine engine = new FakeEngine();
    private final ListenSettings settings =
            Settings.listen("127.0.0.1:0").with("add_received", "no").read();

    private static String stuffed(String content) {
        return (content.startsWith(".") ? "." : "") + content.replace("\r\n.", "\r\n..");
    }

    private String taken() {
        return new String(engine.only().content(), StandardCharsets.UTF_8);
    }

    @Test
    void isTheSameHoweverItIsCutInTwo() throws IOException {
        byte[] said = (ENVELOPE + "DATA\r\n" + stuffed(DOTTY) + ".\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int cut = 0; cut <= said.length; cut++) {
            engine.accepted.clear();
            MemoryWire wire = new MemoryWire(Arrays.copyOf(said, cut), Arrays.copyOfRange(said, cut, said.length));
            MemorySession.talk(engine, settings, wire);
            assertThat(taken()).as("cut at " + cut).isEqualTo(DOTTY);
            assertThat(wire.codes()).containsExactly("250", "250", "250", "354", "250", "221");
        }
    }

    @Test
    void isTheSameOctetByOctet() throws IOException {
        MemorySession.talk(engine, settings, (ENVELOPE + "DATA\r\n" + stuffed(DOTTY) + ".\r\nQUIT\r\n").split(""));
        assertThat(taken()).isEqualTo(DOTTY);
    }

    @Test
    void isTheSameInChunksHoweverTheyAreCut() throws IOException {
        for (int cut = 0; cut <= DOTTY.length(); cut++) {
            engine.accepted.clear();
            MemoryWire wire = MemorySession.talk(
                    engine,
                    settings,
                    ENVELOPE + "BDAT " + cut + "\r\n" + DOTTY.substring(0, cut) + "BDAT " + (DOTTY.length() - cut)
                            + " LAST\r\n" + DOTTY.substring(cut) + "QUIT\r\n");
            assertThat(taken()).isEqualTo(DOTTY);
            assertThat(wire.codes()).containsExactly("250", "250", "250", "250", "250", "221");
        }
    }

    @Test
    void mayBeEmpty() throws IOException {
        MemorySession.talk(engine, settings, ENVELOPE + "DATA\r\n.\r\n");
        assertThat(taken()).isEmpty();
    }

    @Test
    void mayBeEmptyInChunks() throws IOException {
        MemorySession.talk(engine, settings, ENVELOPE + "BDAT 0 LAST\r\n");
        assertThat(taken()).isEmpty();
    }

    @Test
    void mayBeOneOctetWithoutLineEndInAChunk() throws IOException {
        MemorySession.talk(engine, settings, ENVELOPE + "BDAT 1 last\r\nx");
        assertThat(taken()).isEqualTo("x");
    }

    @Test
    void mayHoldNuls() throws IOException {
        MemorySession.talk(engine, settings, ENVELOPE + "DATA\r\na\0b\r\n\0\r\n.\r\n");
        assertThat(taken()).isEqualTo("a\0b\r\n\0\r\n");
    }

    @Test
    void isNotedAsEightBitWhetherDeclaredOrNot() throws IOException {
        MemorySession.talk(engine, settings, ENVELOPE + "DATA\r\nä\r\n.\r\n");
        assertThat(taken()).isEqualTo("ä\r\n");
        assertThat(engine.only().envelope().bodyType()).isEqualTo(BodyType.EIGHT_BIT_MIME);
    }

    @Test
    void isNotedAsSevenBitWhereItIs() throws IOException {
        MemorySession.talk(
                engine,
                settings,
                "EHLO c\r\nMAIL FROM:<> BODY=8BITMIME\r\nRCPT TO:<b@example.net>\r\nDATA\r\na\r\n.\r\n");
        assertThat(engine.only().envelope().bodyType()).isEqualTo(BodyType.SEVEN_BIT);
        assertThat(engine.only().envelope().sender()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA\r\n", "BDAT 1010 LAST\r\n"})
    void mayHaveLinesOf998Octets(String command) throws IOException {
        String line = "0123456789" + "x".repeat(988) + "\r\n" + "short ok\r\n";
        MemorySession.talk(engine, settings, ENVELOPE + command + line + (command.startsWith("D") ? ".\r\n" : ""));
        assertThat(taken()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({"DATA,999", "BDAT 1009 LAST,999", "DATA,100000", "BDAT 100010 LAST,100000"})
    void isRefusedForLongerLinesAndTheSessionGoesOn(String command, int length) throws IOException {
        String line = "first.\r\n" + "x".repeat(length) + "\r\n";
        MemoryWire wire = MemorySession.talk(
                engine,
                settings,
                ENVELOPE + command + "\r\n" + line + (command.startsWith("D") ? ".\r\n" : "") + "NOOP\r\nQUIT\r\n");
        assertThat(wire.replies())
                .contains("554 5.6.0 line of " + length + " octets at line 2, at most 998 are allowed")
                .endsWith("250 2.0.0 ok", "221 2.0.0 goodbye");
        assertThat(engine.accepted).isEmpty();
        assertThat(engine.open).hasValue(0);
    }

    @Test
    void mayHaveLongerLinesWhereThatIsConfigured() throws IOException {
        ListenSettings generous =
                Settings.listen("127.0.0.1:0").with("max_text_line", "5000").read();
        MemorySession.talk(engine, generous, ENVELOPE + "DATA\r\n" + "x".repeat(5000) + "\r\n.\r\n");
        assertThat(engine.accepted).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\nb\r\n", "\n", "a\rb\r\n", "\r\r\n", ".\n", ".\r.\r\n", "a\r\n.\n", "a\n.\r\n", "a\r.\r"})
    void isRefusedForBareLineEndsAndTheConnectionEnds(String content) throws IOException {
        MemoryWire wire = MemorySession.talk(
                engine, settings, ENVELOPE + "DATA\r\n" + content + "\r\n.\r\nMAIL FROM:<x@example.org>\r\n");
        assertThat(wire.replies().getLast()).startsWith("554 5.5.2 bare ");
        assertThat(engine.accepted).isEmpty();
        assertThat(engine.open).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\r", "\n", "\r"})
    void isRefusedForBareLineEndsInChunksAndTheSessionGoesOn(String content) throws IOException {
        MemoryWire wire = MemorySession.talk(
                engine, settings, ENVELOPE + "BDAT " + content.length() + " LAST\r\n" + content + "NOOP\r\n");
        assertThat(wire.codes()).containsExactly("250", "250", "250", "554", "250");
        assertThat(engine.accepted).isEmpty();
    }

    @Test
    void isRefusedForALoop() throws IOException {
        String hundred = "Received: x\r\n\tfolded: Received: y\r\n".repeat(99) + "RECEIVED:z\r\n";
        MemoryWire wire =
                MemorySession.talk(engine, settings, ENVELOPE + "DATA\r\n" + hundred + "\r\nx\r\n.\r\nNOOP\r\n");
        assertThat(wire.replies()).contains("554 5.4.6 message has 100 Received fields, it is in a loop");
        assertThat(wire.codes()).endsWith("554", "250");
    }

    @Test
    void mayNameReceivedFieldsElsewhere() throws IOException {
        String content = "Received: x\r\n".repeat(99) + "X-Received: no\r\nReceivedx: no\r\n\r\n"
                + "Received: in the body\r\n".repeat(50);
        MemorySession.talk(engine, settings, (ENVELOPE + "DATA\r\n" + content + ".\r\n").split("(?<=v)"));
        assertThat(taken()).isEqualTo(content);
    }

    @Test
    void isRefusedWhenTooBigAndTheSessionGoesOn() throws IOException {
        ListenSettings small =
                Settings.listen("127.0.0.1:0").with("max_message_size", "2000").read();
        String content = ("x".repeat(98) + "\r\n").repeat(21);
        MemoryWire wire = MemorySession.talk(
                engine,
                small,
                ENVELOPE + "DATA\r\n" + content + ".\r\n" + ENVELOPE + "BDAT 2100 LAST\r\n" + content + "NOOP\r\n");
        assertThat(wire.codes()).containsExactly("250", "250", "250", "354", "552", "250", "250", "250", "552", "250");
        assertThat(engine.accepted).isEmpty();
        assertThat(engine.open).hasValue(0);
    }

    @Test
    void endsTheConnectionWhenItIsBigBeyondPatience() throws IOException {
        ListenSettings small =
                Settings.listen("127.0.0.1:0").with("max_message_size", "2000").read();
        String[] endless = new String[10_000];
        Arrays.fill(endless, "x".repeat(98) + "\r\n");
        endless[0] = ENVELOPE + "DATA\r\n";
        MemoryWire wire = MemorySession.talk(engine, small, endless);
        assertThat(wire.replies().getLast()).startsWith("552 5.3.4");
    }

    @Test
    void isDroppedWhenThePeerLeaves() throws IOException {
        MemorySession.talk(engine, settings, ENVELOPE + "DATA\r\nhalf a mess");
        assertThat(engine.accepted).isEmpty();
        assertThat(engine.open).hasValue(0);
    }
}
