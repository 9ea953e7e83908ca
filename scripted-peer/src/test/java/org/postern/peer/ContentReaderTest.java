// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentReaderTest {

    /** Every case is cut at every place, so that each state meets the edge of a buffer. */
    @ParameterizedTest
    @CsvSource({
        ".\\r\\n, ''",
        "a\\r\\n.\\r\\n, a\\r\\n",
        "..\\r\\n.\\r\\n, .\\r\\n",
        "..a\\r\\n...\\r\\n.\\r\\n, .a\\r\\n..\\r\\n",
        "a\\n.\\nb\\r\\n.\\r\\n, a\\n.\\nb\\r\\n",
        "a\\r.\\rb\\r\\n.\\r\\n, a\\r.\\rb\\r\\n",
        ".\\rx\\r\\n.\\r\\n, \\rx\\r\\n",
        ".\\r\\r\\n.\\r\\n, \\r\\r\\n",
        ".\\n\\r\\n.\\r\\n, \\n\\r\\n",
        "\\r\\r\\n.\\r\\n, \\r\\r\\n",
        "\\0\\xff\\r\\n.\\r\\n, \\0\\xff\\r\\n",
    })
    void findsTheEndWhereverTheBuffersAreCut(String wire, String expected) {
        byte[] octets = (WireText.octets(wire).length > 0) ? WireText.octets(wire) : new byte[0];
        for (int first = 0; first <= octets.length; first++) {
            for (int second = first; second <= octets.length; second++) {
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                ContentReader reader = new ContentReader(content::write);
                feed(reader, octets, 0, first);
                feed(reader, octets, first, second);
                feed(reader, octets, second, octets.length);
                assertThat(reader.ended()).isTrue();
                assertThat(content.toByteArray()).isEqualTo(WireText.octets(expected));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"a\\n.\\n", "a\\r\\n.\\n", "a\\n.\\r\\n", "a\\r.\\r\\n", "a\\r\\n.\\r", "..\\r\\n"})
    void doesNotEndAtABareLineEnd(String wire) {
        byte[] octets = WireText.octets(wire);
        ContentReader reader = new ContentReader((array, from, count) -> {});
        reader.accept(octets, 0, octets.length);
        assertThat(reader.ended()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"a\\r\\n.\\r\\nQUIT\\r\\n, 6"})
    void leavesWhatFollows(String wire, int end) {
        byte[] octets = wire.isEmpty() ? new byte[0] : WireText.octets(wire);
        ContentReader reader = new ContentReader((array, from, count) -> {});
        assertThat(reader.accept(octets, 0, octets.length)).isEqualTo(end);
        assertThat(new String(octets, end, octets.length - end, StandardCharsets.US_ASCII))
                .isEqualTo("QUIT\r\n");
    }

    private static void feed(ContentReader reader, byte[] octets, int from, int to) {
        if (to > from) {
            assertThat(reader.accept(octets, from, to)).isEqualTo(to);
        }
    }
}
