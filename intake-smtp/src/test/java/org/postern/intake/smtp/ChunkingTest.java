// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.spool.SpoolFullException;

/** BDAT, RFC 3030. */
class ChunkingTest {

    private static final String ENVELOPE = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\n";

    private final FakeEngine engine = new FakeEngine();
    private final ListenSettings settings =
            Settings.listen("127.0.0.1:0").with("add_received", "no").read();

    private MemoryWire talk(String text) throws IOException {
        return MemorySession.talk(engine, settings, "EHLO c.example\r\n" + text);
    }

    @Test
    void takesAWholeBatchWithOneWrite() throws IOException {
        MemoryWire wire = talk((ENVELOPE + "BDAT 3 LAST\r\nx\r\n") + "QUIT\r\n");
        assertThat(wire.codes()).containsExactly("250", "250", "250", "250", "221");
        // The greeting goes out before the first read.
        assertThat(wire.writes()).isEqualTo(2);
    }

    @Test
    void tellsAnAcceptanceBeforeTheNextMessageIsMadeSafe() throws IOException {
        MemoryWire wire = talk((ENVELOPE + "BDAT 3 LAST\r\nx\r\n").repeat(3) + "QUIT\r\n");
        assertThat(engine.accepted).hasSize(3);
        assertThat(wire.writes()).isEqualTo(4);
    }

    @Test
    void readsChunksThatAreNotWantedSoThatTheyAreNotCommands() throws IOException {
        assertThat(talk("BDAT 6\r\nQUIT\r\nNOOP\r\n").codes()).containsExactly("250", "503", "250");
        assertThat(talk("MAIL FROM:<>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n").codes())
                .containsExactly("250", "250", "554", "250");
    }

    @Test
    void doesNotMixWithOtherCommands() throws IOException {
        MemoryWire wire = talk(ENVELOPE
                + "BDAT 1\r\nxDATA\r\nMAIL FROM:<>\r\nRCPT TO:<c@example.net>\r\nNOOP\r\nBDAT 3 LAST\r\ny\r\n");
        assertThat(wire.codes()).containsExactly("250", "250", "250", "250", "503", "503", "503", "250", "250");
        assertThat(engine.only().content()).containsExactly('x', 'y', '\r', '\n');
    }

    @Test
    void isForgottenAtReset() throws IOException {
        MemoryWire wire = talk(ENVELOPE + "BDAT 1\r\nxRSET\r\n" + ENVELOPE + "DATA\r\ny\r\n.\r\n");
        assertThat(wire.codes()).containsExactly("250", "250", "250", "250", "250", "250", "250", "354", "250");
        assertThat(engine.only().content()).containsExactly('y', '\r', '\n');
        assertThat(engine.open).hasValue(0);
    }

    @Test
    void staysRefusedUntilTheLastChunk() throws IOException {
        engine.atSubmit = () -> {
            throw new SpoolFullException("full");
        };
        MemoryWire wire = talk(ENVELOPE + "BDAT 1\r\nxBDAT 1\r\nyBDAT 1 LAST\r\nz" + ENVELOPE);
        assertThat(wire.codes()).containsExactly("250", "250", "250", "452", "452", "452", "250", "250");
        assertThat(engine.accepted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1 FIRST", "1LAST", "9999999999999999999", "1 LAST more"})
    void endsTheConnectionWhereTheSizeIsUnknown(String argument) throws IOException {
        assertThat(talk(ENVELOPE + "BDAT " + argument + "\r\nQUIT\r\n").codes())
                .containsExactly("250", "250", "250", "501");
    }

    @Test
    void endsTheConnectionForAChunkOfTwoGigabytes() throws IOException {
        assertThat(talk(ENVELOPE + "BDAT 2147483648 LAST\r\nQUIT\r\n").codes())
                .containsExactly("250", "250", "250", "552");
    }
}
