// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DotStuffingTest {

    private static byte[] octets(String text) {
        return text.replace("<CR>", "\r").replace("<LF>", "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String shown(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1)
                .replace("\r", "<CR>")
                .replace("\n", "<LF>");
    }

    private static byte[] encode(byte[] content, int... cuts) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        DotStuffing stuffing = new DotStuffing();
        int from = 0;
        for (int cut : cuts) {
            encode(stuffing, Arrays.copyOfRange(content, from, cut), wire);
            from = cut;
        }
        encode(stuffing, Arrays.copyOfRange(content, from, content.length), wire);
        byte[] end = new byte[DotStuffing.MAX_END];
        wire.write(end, 0, stuffing.end(end, 0));
        return wire.toByteArray();
    }

    private static void encode(DotStuffing stuffing, byte[] piece, ByteArrayOutputStream wire) {
        // In place, as the session does it.
        byte[] room = new byte[DotStuffing.maxEncoded(piece.length)];
        System.arraycopy(piece, 0, room, piece.length, piece.length);
        wire.write(room, 0, stuffing.encode(room, piece.length, room.length, room, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "'', .<CR><LF>",
        "a, a<CR><LF>.<CR><LF>",
        "a<CR><LF>, a<CR><LF>.<CR><LF>",
        "., ..<CR><LF>.<CR><LF>",
        ".<CR><LF>, ..<CR><LF>.<CR><LF>",
        ".a<CR><LF>.b, ..a<CR><LF>..b<CR><LF>.<CR><LF>",
        "a.b, a.b<CR><LF>.<CR><LF>",
        "..<CR><LF>, ...<CR><LF>.<CR><LF>",
        "<CR><LF><CR><LF>, <CR><LF><CR><LF>.<CR><LF>",
        "a<LF>.<LF>b, a<CR><LF>..<CR><LF>b<CR><LF>.<CR><LF>",
        "a<CR>.<CR>b, a<CR><LF>..<CR><LF>b<CR><LF>.<CR><LF>",
        "a<CR><CR><LF>b, a<CR><LF><CR><LF>b<CR><LF>.<CR><LF>",
        "a<LF><CR>b, a<CR><LF><CR><LF>b<CR><LF>.<CR><LF>",
        "a<CR>, a<CR><LF>.<CR><LF>"
    })
    void encodes(String content, String wire) {
        assertThat(shown(encode(octets(content)))).isEqualTo(wire);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".a<CR><LF>..b<CR><LF><CR><LF>.<CR><LF>c.<CR><LF>.",
                "<CR><LF>.<CR><LF>.<CR><LF>",
                "a<CR>.<LF>.<CR><CR><LF>.<LF><LF>.",
                "<LF>.<CR><LF><CR>.<LF>"
            })
    void encodesTheSameHoweverTheContentIsCut(String text) {
        byte[] content = octets(text);
        byte[] whole = encode(content);
        for (int first = 0; first <= content.length; first++) {
            assertThat(encode(content, first)).isEqualTo(whole);
            for (int second = first; second <= content.length; second++) {
                assertThat(encode(content, first, second)).isEqualTo(whole);
            }
        }
    }

    @Test
    void neverSendsABareLineEndAndEndsOnce() {
        List<String> pieces = List.of("\r", "\n", ".", "\0", "a", "\r\n", "\r\n.\r\n");
        int total = (int) Math.pow(pieces.size(), 5);
        for (int number = 0; number < total; number++) {
            StringBuilder content = new StringBuilder();
            for (int i = 0, rest = number; i < 5; i++, rest /= pieces.size()) {
                content.append(pieces.get(rest % pieces.size()));
            }
            requireSafe(content.toString());
        }
    }

    private static void requireSafe(String content) {
        String wire = new String(encode(content.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
        assertThat(wire.replace("\r\n", "")).doesNotContain("\r", "\n");
        assertThat("\r\n" + wire).endsWith("\r\n.\r\n");
        assertThat(("\r\n" + wire).indexOf("\r\n.\r\n")).isEqualTo(wire.length() + 2 - 5);
    }

    @Test
    void givesBackWhatWasThereOnceUnstuffed() {
        Random random = new Random(821);
        for (int round = 0; round < 2000; round++) {
            StringBuilder content = new StringBuilder();
            for (int line = random.nextInt(6); line > 0; line--) {
                content.append(".".repeat(random.nextInt(3)))
                        .append("x".repeat(random.nextInt(3)))
                        .append("\r\n");
            }
            assertThat(unstuffed(content.toString())).isEqualTo(content.toString());
        }
    }

    private static String unstuffed(String content) {
        String wire = new String(encode(content.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
        StringBuilder result = new StringBuilder();
        for (String line : wire.substring(0, wire.length() - 3).split("(?<=\r\n)")) {
            result.append(line.startsWith(".") ? line.substring(1) : line);
        }
        return result.toString();
    }
}
