// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.SmtpReply;

class ReplyParserTest {

    private static ReplyParser parser(String text) {
        return new ReplyParser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static SmtpReply read(String text) throws IOException {
        return parser(text).read(ReplyLimits.ORDINARY);
    }

    /** Hands out one octet at a time. */
    private static InputStream octetWise(byte[] octets) {
        return new ByteArrayInputStream(octets) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(1, length));
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"'250 ok',250,'ok'", "'250',250,''", "'250 ',250,''", "'599 x y',599,'x y'", "'200  two',200,' two'"})
    void readsOneLine(String line, int code, String text) throws IOException {
        SmtpReply reply = read(line + "\r\n");
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.lines()).containsExactly(text);
    }

    @Test
    void readsSeveralLines() throws IOException {
        assertThat(read("250-a\r\n250-\r\n250 c\r\n").lines()).containsExactly("a", "", "c");
    }

    @Test
    void endsAReplyAtABareCode() throws IOException {
        assertThat(read("250-a\r\n250\r\n").lines()).containsExactly("a", "");
    }

    @Test
    void takesABareLineFeedForTheEndOfALine() throws IOException {
        assertThat(read("250-a\n250 b\n").lines()).containsExactly("a", "b");
    }

    @Test
    void readsRepliesThatArriveTogether() throws IOException {
        ReplyParser parser = parser("250 a\r\n550 b\r\n");
        assertThat(parser.read(ReplyLimits.ORDINARY).code()).isEqualTo(250);
        assertThat(parser.hasBuffered()).isTrue();
        assertThat(parser.read(ReplyLimits.ORDINARY).code()).isEqualTo(550);
        assertThat(parser.hasBuffered()).isFalse();
    }

    @Test
    void readsTheSameHoweverTheOctetsArrive() throws IOException {
        byte[] octets = ("250-" + "a".repeat(3000) + "\r\n250-b\r\n250 c\r\n").getBytes(StandardCharsets.US_ASCII);
        SmtpReply whole = new ReplyParser(new ByteArrayInputStream(octets)).read(ReplyLimits.ORDINARY);
        assertThat(new ReplyParser(octetWise(octets)).read(ReplyLimits.ORDINARY))
                .isEqualTo(whole);
        assertThat(whole.lines()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "2", "25", "25 x", "2500", "250x", "250\tx", "abc x", "-25 x", "+25 x", "199 x", "600 x",
                "000", "२५० x"
            })
    void refusesWhatIsNoReply(String line) {
        assertThatThrownBy(() -> read(line + "\r\n")).isInstanceOf(MalformedReplyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"250-a\r\n251 b\r\n", "250-a\r\nb\r\n", "250-a\r\n\r\n", "250-a\r\n550-b\r\n250 c\r\n"})
    void refusesLinesThatDoNotBelongTogether(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(MalformedReplyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "250", "250 ok", "250 ok\r", "250-ok\r\n", "250-ok\r\n25"})
    void tellsAnEndFromAReply(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(EOFException.class);
    }

    @Test
    void readsALineUpToTheLimitAndNoFurther() throws IOException {
        String text = "x".repeat(4096 - 6);
        assertThat(read("250 " + text + "\r\n").lines()).containsExactly(text);
        assertThatThrownBy(() -> read("250 " + text + "x\r\n")).isInstanceOf(MalformedReplyException.class);
    }

    @Test
    void stopsReadingAtTheLimitOfALine() {
        InputStream endless = new InputStream() {
            private long given;

            @Override
            public int read() {
                given++;
                assertThat(given).isLessThan(100_000);
                return 'x';
            }

            @Override
            public int read(byte[] to, int offset, int length) {
                to[offset] = (byte) read();
                return 1;
            }
        };
        assertThatThrownBy(() -> new ReplyParser(endless).read(ReplyLimits.ORDINARY))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("4096");
    }

    @Test
    void readsAsManyLinesAsTheLimitSays() throws IOException {
        assertThat(read("250-x\r\n".repeat(511) + "250 x\r\n").lines()).hasSize(512);
        assertThatThrownBy(() -> read("250-x\r\n".repeat(512) + "250 x\r\n"))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("512 lines");
    }

    @Test
    void readsAsManyOctetsAsTheLimitSays() {
        String line = "250-" + "x".repeat(1000) + "\r\n";
        assertThatThrownBy(() -> read(line.repeat(100)))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("65536 octets");
    }

    @Test
    void readsLongerEhloReplies() throws IOException {
        SmtpReply reply = parser("250-x\r\n".repeat(1999) + "250 x\r\n").read(ReplyLimits.EHLO);
        assertThat(reply.lines()).hasSize(2000);
    }

    @Test
    void readsAChallengeOfTheLargestSize() throws IOException {
        String challenge = "A".repeat(16_384);
        assertThat(parser("334 " + challenge + "\r\n").read(ReplyLimits.AUTH).lines())
                .containsExactly(challenge);
    }

    @Test
    @DisplayName("C1-13: what a peer says moves no cursor and ends no line of a log")
    void makesTextHarmless() throws IOException {
        byte[] hostile = "550 a\u001b[2Jb\rc\u0000d\te\u0085f\u202eg\u2028h\u007f\r\n".getBytes(StandardCharsets.UTF_8);
        SmtpReply reply = new ReplyParser(new ByteArrayInputStream(hostile)).read(ReplyLimits.ORDINARY);
        assertThat(reply.lines()).containsExactly("a?[2Jb?c?d e?f?g?h?");
    }

    @Test
    @DisplayName("C1-13: what is no UTF-8 is replaced")
    void replacesWhatIsNoUtf8() throws IOException {
        byte[] latin1 = {'5', '5', '0', ' ', (byte) 0xFC, 'x', '\r', '\n'};
        SmtpReply reply = new ReplyParser(new ByteArrayInputStream(latin1)).read(ReplyLimits.ORDINARY);
        assertThat(reply.lines()).containsExactly("\uFFFDx");
    }

    @Test
    void survivesAnything() {
        Random random = new Random(5321);
        String alphabet = "2345 -\r\nx\u00e9\0";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            readOrRefuse(text.toString());
        }
    }

    private static void readOrRefuse(String text) {
        try {
            assertThat(read(text).code()).isBetween(200, 599);
        } catch (IOException refused) {
            assertThat(refused).isInstanceOfAny(MalformedReplyException.class, EOFException.class);
        }
    }
}
