// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.bench.MarkLine.Bound;
import org.postern.bench.MarkLine.Verdict;

class MarkLineTest {

    private static final List<Double> OURS = List.of(20.0, 90.0, 30.0);
    private static final List<Double> THEIRS = List.of(10.0, 10.0, 10.0);

    @Test
    void isMetByTheMedianOfTheRatios() {
        assertThat(line(OURS, THEIRS, new Bound.AtLeast(3)).verdict()).isEqualTo(Verdict.MET);
        assertThat(line(OURS, THEIRS, new Bound.AtLeast(3.1)).verdict()).isEqualTo(Verdict.MISSED);
        assertThat(line(OURS, THEIRS, new Bound.AtMost(3)).verdict()).isEqualTo(Verdict.MET);
        assertThat(line(OURS, THEIRS, new Bound.AtMost(2.9)).verdict()).isEqualTo(Verdict.MISSED);
    }

    @Test
    void isMetByTheGreatestWhereTheFigureItselfCounts() {
        assertThat(line(OURS, THEIRS, new Bound.Within(90)).verdict()).isEqualTo(Verdict.MET);
        assertThat(line(OURS, List.of(), new Bound.Within(89)).verdict()).isEqualTo(Verdict.MISSED);
    }

    @Test
    void isOpenWithoutAnother() {
        assertThat(line(OURS, List.of(), new Bound.AtLeast(0)).verdict()).isEqualTo(Verdict.OPEN);
    }

    @Test
    void isMissedWhereAFigureIsUnknown() {
        assertThat(line(List.of(Double.NaN), List.of(1.0), new Bound.AtMost(1)).verdict())
                .isEqualTo(Verdict.MISSED);
    }

    @Test
    void showsMediansAndWhetherItIsMet() {
        MarkTable table = new MarkTable(List.of(line(OURS, THEIRS, new Bound.AtLeast(3))), false);
        assertThat(table.lines().getLast()).matches("1 +work +messages/s +30\\.0 +10\\.0 +3\\.00 +>= 3\\.00 +met");
    }

    @Test
    void hasColoursOnlyWhereTheyAreWanted() {
        List<MarkLine> missed = List.of(line(OURS, THEIRS, new Bound.AtLeast(9)));
        assertThat(new MarkTable(missed, true).lines().getLast()).endsWith("\033[31mNOT MET\033[0m");
        assertThat(new MarkTable(missed, false).lines().getLast()).endsWith(" NOT MET");
    }

    private static MarkLine line(List<Double> ours, List<Double> theirs, Bound bound) {
        return new MarkLine(1, "work", "messages/s", 1, ours, theirs, bound);
    }
}
