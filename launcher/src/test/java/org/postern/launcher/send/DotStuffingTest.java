// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotStuffingTest {

    @ParameterizedTest
    @CsvSource({
        "'', '.N'",
        "'a', 'aN.N'",
        "'aN', 'aN.N'",
        "'.', '..N.N'",
        "'.N', '..N.N'",
        "'..N.aN', '...N..aN.N'",
        "'a.bN', 'a.bN.N'",
        "'N.N', 'N..N.N'",
    })
    void doublesDotsAtTheBeginningOfLines(String content, String expected) throws IOException {
        assertThat(stuffed(stream(lines(content)))).isEqualTo(lines(expected));
    }

    @Test
    void doublesADotThatBeginsTheNextBuffer() throws IOException {
        String first = "x".repeat(16 * 1024 - 2) + "\r\n";

        assertThat(stuffed(new SequenceInputStream(stream(first), stream(".\r\n"))))
                .isEqualTo(first + "..\r\n.\r\n");
    }

    private static String lines(String text) {
        return text.replace("N", "\r\n");
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String stuffed(InputStream content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DotStuffing(out).write(content);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
