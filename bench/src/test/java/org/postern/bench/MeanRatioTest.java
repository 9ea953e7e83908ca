// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MeanRatioTest {

    @Test
    void takesTwiceAndHalfForNoChange() {
        MeanRatio ratio = MeanRatio.of(List.of(2.0, 0.5));
        assertThat(ratio.mean()).isCloseTo(1, within(1e-9));
        assertThat(ratio.least()).isLessThan(0.5);
        assertThat(ratio.most()).isGreaterThan(2);
    }

    @Test
    void isSureWhereAllAreTheSame() {
        MeanRatio ratio = MeanRatio.of(List.of(0.9, 0.9, 0.9));
        assertThat(ratio.least()).isCloseTo(0.9, within(1e-9));
        assertThat(ratio.most()).isCloseTo(0.9, within(1e-9));
    }

    @Test
    void holdsTheTruthAboutAChangeInAboutNinetyFiveOfAHundredSeries() {
        Random random = new Random(7);
        int held = 0;
        for (int series = 0; series < 1000; series++) {
            MeanRatio change = series(random, 40, 0.97).dividedBy(series(random, 20, 1.1));
            held += change.least() <= 0.97 / 1.1 && 0.97 / 1.1 <= change.most() ? 1 : 0;
        }
        assertThat(held).isBetween(920, 970);
    }

    private static MeanRatio series(Random random, int length, double truth) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            ratios.add(truth * Math.exp(0.1 * random.nextGaussian()));
        }
        return MeanRatio.of(ratios);
    }

    @Test
    void holdsTheTruthInAboutNinetyFiveOfAHundredSeries() {
        Random random = new Random(6);
        int held = 0;
        for (int series = 0; series < 1000; series++) {
            MeanRatio ratio = series(random, 40, 0.98);
            held += ratio.least() <= 0.98 && 0.98 <= ratio.most() ? 1 : 0;
        }
        assertThat(held).isBetween(920, 970);
    }

    @Test
    void refusesToSayHowSureOneRatioIs() {
        assertThatThrownBy(() -> MeanRatio.of(List.of(1.0))).isInstanceOf(IllegalArgumentException.class);
    }
}
