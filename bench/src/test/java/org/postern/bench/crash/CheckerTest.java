// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories that are right, and histories that must be condemned. */
class CheckerTest {

    private static final String BEGIN = """
            queue one.example 1
            queue two.example 2
            started 1
            """;
    private static final String SENT = BEGIN + """
            submitted m1 news d1 a@one.example
            accepted m1
            """;
    private static final String DELIVERED = SENT + """
            attempted m1 news d1 a@one.example
            replied 1 a@one.example 250
            """;

    private static Checker check(String history) {
        Checker checker = new Checker();
        history.lines().map(Event::parse).forEach(checker::take);
        return checker;
    }

    private static void accepts(String history) {
        assertThat(check(history).violations()).isEmpty();
        assertThat(check(history).summary().violations()).isZero();
    }

    private static void condemns(String history, String why) {
        assertThat(check(history).violations()).singleElement().asString().contains(why);
    }

    @Test
    void acceptsWhatIsDeliveredOnce() {
        accepts(DELIVERED + "stopped 1\ndrained\n");
        assertThat(check(DELIVERED).summary()).isEqualTo(new Checker.Summary(0, 1, 1, 0, 0, 0, 0));
    }

    @Test
    void acceptsADeliveryBeforeTheReplyToTheSender() {
        Checker checker = check(BEGIN + """
                submitted m1 news d1 a@one.example
                attempted m1 news d1 a@one.example
                replied 1 a@one.example 250
                accepted m1
                drained
                """);
        assertThat(checker.violations()).isEmpty();
        assertThat(checker.summary().outstanding()).isZero();
    }

    @Test
    void condemnsWhatNeverCame() {
        condemns(SENT + "stopped 1\ndrained\n", "a@one.example of m1 was accepted and never delivered");
        assertThat(check(SENT).summary().outstanding()).isEqualTo(1);
    }

    @Test
    void condemnsOneRecipientOfSeveralThatNeverCame() {
        condemns(BEGIN + """
                submitted m1 news d1 a@one.example b@two.example
                accepted m1
                attempted m1 news d1 a@one.example
                replied 1 a@one.example 250
                drained
                """, "b@two.example of m1 was accepted and never delivered");
    }

    @Test
    void condemnsWhatWasOnlyPutOff() {
        condemns(SENT + "replied 1 a@one.example 451\ndrained\n", "never delivered");
    }

    @Test
    void condemnsWhatAPeerGotAndNeverRepliedTo() {
        condemns(SENT + "attempted m1 news d1 a@one.example\ndrained\n", "never delivered");
    }

    @Test
    void acceptsThatWhatNobodyPromisedNeverCame() {
        accepts(BEGIN + "submitted m1 news d1 a@one.example\nkilled 1\nstarted 2\ndrained\n");
    }

    @Test
    void acceptsThatWhatNobodyPromisedCame() {
        accepts(BEGIN + """
                submitted m1 news d1 a@one.example
                killed 1
                started 2
                attempted m1 news d1 a@one.example
                replied 2 a@one.example 250
                drained
                """);
    }

    @Test
    void acceptsASecondDeliveryAfterAKillInTheWindow() {
        Checker checker = check(DELIVERED + "killed 1\nstarted 2\nreplied 2 a@one.example 250\ndrained\n");
        assertThat(checker.violations()).isEmpty();
        assertThat(checker.summary().twice()).isEqualTo(1);
        assertThat(checker.summary().delivered()).isEqualTo(1);
    }

    @Test
    void acceptsASecondAttemptWhereThePeerNeverReplied() {
        accepts(SENT + """
                attempted m1 news - a@one.example
                attempted m1 news d1 a@one.example
                replied 1 a@one.example 250
                drained
                """);
    }

    @Test
    void condemnsASecondDeliveryWithoutAKill() {
        condemns(DELIVERED + "replied 1 a@one.example 250\n", "tried again in the same life");
    }

    @Test
    void condemnsASecondDeliveryOfWhatWasSettled() {
        condemns(
                DELIVERED + "settled a@one.example\nkilled 1\nstarted 2\nreplied 2 a@one.example 250\n",
                "although its result of life 1 was settled");
    }

    @Test
    void condemnsASecondDeliveryAfterAnOrderlyEnd() {
        condemns(
                DELIVERED + "stopped 1\nstarted 2\nreplied 2 a@one.example 250\n",
                "although its result of life 1 was settled");
    }

    @Test
    void condemnsASecondDeliveryAfterAnOrderlyEndAndAKill() {
        condemns(
                DELIVERED + "stopped 1\nstarted 2\nkilled 2\nstarted 3\nreplied 3 a@one.example 250\n",
                "although its result of life 1 was settled");
    }

    @Test
    void acceptsASecondDeliveryAfterALifeThatEndedInOrderAndDidNotComeToIt() {
        accepts(DELIVERED + "killed 1\nstarted 2\nstopped 2\nstarted 3\nreplied 3 a@one.example 250\ndrained\n");
    }

    @Test
    void condemnsAThirdDeliveryInTheLifeOfTheSecond() {
        condemns(
                DELIVERED + "killed 1\nstarted 2\nreplied 2 a@one.example 250\nreplied 2 a@one.example 250\n",
                "tried again in the same life");
    }

    @Test
    void acceptsASecondDeliveryByAnotherRelayWhoseLineComesBeforeTheFirst() {
        Checker checker = check(SENT + """
                started 2
                killed 1
                replied 2 a@one.example 250
                replied 1 a@one.example 250
                drained
                """);
        assertThat(checker.violations()).isEmpty();
        assertThat(checker.summary().twice()).isEqualTo(1);
    }

    @Test
    void condemnsAThirdDeliveryByARelayThatLives() {
        condemns(SENT + """
                started 2
                killed 1
                replied 2 a@one.example 250
                replied 1 a@one.example 250
                replied 2 a@one.example 250
                """, "line 10: a@one.example of m1 was done, and was tried again in the same life");
    }

    @Test
    void takesAResultForThatOfTheRelayWhoseSessionItCameIn() {
        accepts(SENT + """
                started 2
                killed 1
                started 3
                replied 1 a@one.example 250
                replied 2 a@one.example 250
                drained
                """);
    }

    @Test
    void condemnsASecondDeliveryByAnotherRelayThoughAThirdWasKilled() {
        condemns(
                DELIVERED + "started 2\nstarted 3\nkilled 3\nreplied 2 a@one.example 250\n",
                "tried again in life 2 although life 1, in which it was done, was not killed");
    }

    @Test
    void condemnsAReportByTwoRelaysOfWhichNoneWasKilled() {
        condemns(
                SENT
                        + "replied 1 a@one.example 550\nreported 1 n1 a@one.example\nstarted 2\nreported 2 n1 a@one.example\n",
                "came twice, and no kill was between");
    }

    private static String twice(String begin, int messages) {
        StringBuilder history = new StringBuilder(begin);
        for (int life = 1; life <= 2; life++) {
            for (int i = 1; i <= messages; i++) {
                String name = "m" + i + " news d" + i + " a" + i + "@two.example\n";
                history.append(life == 2 ? "" : "submitted " + name + "accepted m" + i + "\n");
                history.append("attempted ").append(name);
                history.append("replied " + life + " a" + i + "@two.example 250\n");
            }
            history.append(life == 2 ? "" : "killed 1\nstarted 2\n");
        }
        return history.toString();
    }

    @Test
    void condemnsMoreInTheWindowThanTheWorkersOfTheQueueHaveUnderWay() {
        accepts(twice(BEGIN, 4));
        condemns(twice(BEGIN, 5), "a5@two.example of m5 was tried again, as were 4 others");
    }

    @Test
    void countsRecipientsOfOneMessageAsOneInTheWindow() {
        String attempt = """
                attempted m1 news d1 a@one.example b@one.example
                replied LIFE a@one.example 250
                replied LIFE b@one.example 250
                """;
        accepts(BEGIN + "submitted m1 news d1 a@one.example b@one.example\naccepted m1\n" + attempt.replace("LIFE", "1")
                + "killed 1\nstarted 2\n" + attempt.replace("LIFE", "2") + "drained\n");
    }

    @Test
    void countsQueuesOfTwoBindingsApart() {
        String attempts = """
                attempted m1 news d1 a@one.example
                replied LIFE a@one.example 250
                attempted m2 alerts d2 b@one.example
                replied LIFE b@one.example 250
                """;
        accepts(BEGIN + """
                submitted m1 news d1 a@one.example
                accepted m1
                submitted m2 alerts d2 b@one.example
                accepted m2
                """ + attempts.replace("LIFE", "1") + "killed 1\nstarted 2\n" + attempts.replace("LIFE", "2")
                + "drained\n");
    }

    @Test
    void acceptsAFailureThatTheSenderIsTold() {
        Checker checker = check(SENT + "replied 1 a@one.example 550\nreported 1 n1 a@one.example\ndrained\n");
        assertThat(checker.violations()).isEmpty();
        assertThat(checker.summary().reported()).isEqualTo(1);
    }

    @Test
    void condemnsAFailureThatTheSenderIsNotTold() {
        condemns(SENT + "replied 1 a@one.example 550\ndrained\n", "its sender was never told");
    }

    @Test
    void condemnsTheReportOfAFailureThatWasNone() {
        condemns(DELIVERED + "reported 1 n1 a@one.example\n", "no peer refused it");
        condemns(SENT + "replied 1 a@one.example 451\nreported 1 n1 a@one.example\n", "no peer refused it");
    }

    @Test
    void condemnsTwoReportsOfOneFailure() {
        condemns(
                SENT + "replied 1 a@one.example 550\nreported 1 n1 a@one.example\nreported 1 n2 a@one.example\n",
                "was refused 1 times and reported 2 times");
    }

    @Test
    void condemnsOneReportTwiceInOneLife() {
        condemns(
                SENT + "replied 1 a@one.example 550\nreported 1 n1 a@one.example\nreported 1 n1 a@one.example\n",
                "came twice, and no kill was between");
    }

    @Test
    void acceptsReportsAgainAfterAKill() {
        accepts(SENT + """
                replied 1 a@one.example 550
                reported 1 n1 a@one.example
                killed 1
                started 2
                reported 2 n1 a@one.example
                replied 2 a@one.example 550
                reported 2 n2 a@one.example
                drained
                """);
    }

    @Test
    void condemnsWhatNobodySent() {
        condemns(BEGIN + "attempted m9 news d9 a@one.example\n", "that nobody sent");
        condemns(BEGIN + "replied 1 a@one.example 250\n", "no message was sent there");
        condemns(BEGIN + "accepted m9\n", "nobody was submitting it");
    }

    @Test
    void condemnsOtherContentAnotherNameAndAnotherRecipient() {
        condemns(SENT + "attempted m1 news d2 a@one.example\n", "with other content: d2 instead of d1");
        condemns(SENT + "attempted m1 alerts d1 a@one.example\n", "in the name of alerts instead of news");
        condemns(SENT + "attempted m1 news d1 b@one.example\n", "for somebody else");
    }

    @Test
    void condemnsTheDeliveryOfWhatWasRefused() {
        condemns(
                BEGIN + "submitted m1 news d1 a@one.example\nrefused m1 452\nattempted m1 news d1 a@one.example\n",
                "came although it was refused");
        condemns(
                BEGIN + "submitted m1 news d1 a@one.example\nreplied 1 a@one.example 250\nrefused m1 451\n",
                "was tried, and then m1 was refused");
    }

    @Test
    void keepsTheFirstViolationsAndCountsAll() {
        StringBuilder history = new StringBuilder(BEGIN);
        for (int i = 0; i < 50; i++) {
            history.append("submitted m" + i + " news d a" + i + "@one.example\naccepted m" + i + "\n");
        }
        Checker checker = check(history + "drained\n");
        assertThat(checker.violations()).hasSize(20);
        assertThat(checker.summary().violations()).isEqualTo(50);
    }

    @Test
    void refusesWhatIsNoHistory() {
        for (String line :
                List.of("", "eaten m1", "started", "started one", "submitted m1 news", "queue a b", "replied a 250")) {
            assertThatThrownBy(() -> Event.parse(line)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void readsWhatItWrites() {
        String history = DELIVERED + """
                settled a@one.example
                killed 1
                stopped 1
                refused m1 451
                reported 1 n1 a@one.example
                drained
                """;
        assertThat(history.lines().map(Event::parse).map(Event::line))
                .containsExactlyElementsOf(history.lines().toList());
    }
}
