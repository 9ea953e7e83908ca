// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.SmtpReply;

class ReadPaceTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Lets time pass that nobody else sees. */
    private static final class Time implements Deadline {

        // Such times may run over.
        private long now = Long.MAX_VALUE - 5 * SECOND;
        private int pauses;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            pauses++;
            now += nanos;
        }

        @Override
        public void arm(Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void disarm() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isExpired() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void cut() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }

    /** A piece comes each time; whoever reads before it waits for it. */
    private static final class Pieces extends InputStream {

        private final Time time;
        private final String[] pieces;
        private final long every;
        private final boolean oneByOne;
        private final long begun;
        private int read;
        private int waited;

        Pieces(Time time, long every, boolean oneByOne, String... pieces) {
            this.time = time;
            this.pieces = pieces;
            this.every = every;
            this.oneByOne = oneByOne;
            this.begun = time.now;
        }

        private int come() {
            return every == 0 ? pieces.length : (int) Math.min(pieces.length, (time.now - begun) / every);
        }

        @Override
        public int available() {
            return come() - read;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            if (available() == 0) {
                waited++;
                time.now = begun + (read + 1) * every;
            }
            StringBuilder text = new StringBuilder();
            do {
                text.append(pieces[read]);
                read++;
            } while (!oneByOne && available() > 0);
            byte[] octets = text.toString().getBytes(US_ASCII);
            System.arraycopy(octets, 0, to, offset, octets.length);
            return octets.length;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        Duration sinceTheFirst() {
            return Duration.ofNanos(time.now - begun - every);
        }
    }

    private final Time time = new Time();

    private SmtpReply read(Pieces from) throws IOException {
        return new ReplyParser(from, new ReadPace(from, time)).read(ReplyLimits.ORDINARY);
    }

    private static String[] octets(String reply) {
        return reply.split("");
    }

    @Test
    void aReplyThatDribblesForFiveMinutesWakesItsSessionFewTimes() throws IOException {
        Pieces dribbled = new Pieces(time, 3 * SECOND, false, octets("220 " + "x".repeat(94) + "\r\n"));

        assertThat(read(dribbled).lines()).containsExactly("x".repeat(94));
        assertThat(dribbled.waited + time.pauses).isBetween(8, 15);
    }

    @Test
    void aReplyIsSeenAtMostAsLateAgainAsItTookToCome() throws IOException {
        for (int length = 0; length < 200; length++) {
            Pieces dribbled = new Pieces(time, SECOND, false, octets("250 " + "x".repeat(length) + "\r\n"));
            read(dribbled);

            Duration took = Duration.ofSeconds(4 + length + 2 - 1);
            assertThat(dribbled.sinceTheFirst()).as("with " + length).isBetween(took, took.multipliedBy(2));
        }
    }

    @Test
    void timeBeforeTheFirstOctetDoesNotCount() throws IOException {
        Pieces late = new Pieces(time, 0, true, octets("250 here\r\n"));
        time.now += 300 * SECOND;
        read(late);

        assertThat(time.pauses).isZero();
    }

    @Test
    void whatHasComeIsReadWithoutAnotherPauseHoweverManyPiecesItIs() throws IOException {
        Pieces records = new Pieces(time, SECOND, true, octets("250 " + "x".repeat(100) + "\r\n"));
        read(records);

        assertThat(records.sinceTheFirst()).isLessThan(Duration.ofSeconds(105 * 2));
        assertThat(time.pauses).isLessThan(15);
    }

    @Test
    void aFewLinesThatComeOneByOneAreReadAsTheyCome() throws IOException {
        String[] lines = {"250-a\r\n", "250-b\r\n", "250-c\r\n", "250 d\r\n"};
        Pieces slow = new Pieces(time, SECOND, false, lines);

        assertThat(read(slow).lines()).hasSize(4);
        assertThat(time.pauses).isZero();
        assertThat(slow.sinceTheFirst()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void manyLinesThatComeOneByOneAcrossTheWorldAreReadAsTheyCome() throws IOException {
        String[] lines = ("250-x\r\n,".repeat(19) + "250 x\r\n").split(",");
        Pieces far = new Pieces(time, SECOND / 100, false, lines);

        assertThat(read(far).lines()).hasSize(20);
        assertThat(time.pauses).isZero();
    }

    @Test
    void eachReplyCountsByItself() throws IOException {
        Pieces replies = new Pieces(
                time, SECOND, false, "250 a\r", "\n", "250 b\r", "\n", "250 c\r", "\n", "250 d\r", "\n", "250 e\r",
                "\n");
        ReplyParser parser = new ReplyParser(replies, new ReadPace(replies, time));
        for (int reply = 0; reply < 5; reply++) {
            parser.read(ReplyLimits.ORDINARY);
        }

        assertThat(time.pauses).isZero();
    }
}
