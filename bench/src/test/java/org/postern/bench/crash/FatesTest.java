// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.bench.crash.Fates.Fate;

class FatesTest {

    @Test
    void meetsMailWithEveryFate() {
        Set<Fate> met = EnumSet.noneOf(Fate.class);
        Fates fates = new Fates(1);
        for (int i = 0; i < 1_000; i++) {
            met.add(fates.ofSender("m" + i));
            met.add(fates.ofRecipient("m" + i + ".0@one.example"));
            met.add(fates.ofContent("m" + i));
        }
        assertThat(met).containsExactlyInAnyOrder(Fate.values());
    }

    @Test
    void refusesForGoodEachTimeAndAnythingElseOnce() {
        Fates fates = new Fates(2);
        for (int i = 0; i < 1_000; i++) {
            Fate first = fates.ofContent("m" + i);
            Fate second = fates.ofContent("m" + i);
            assertThat(second).isEqualTo(first == Fate.REFUSED ? Fate.REFUSED : Fate.TAKEN);
        }
    }

    @Test
    void followsFromTheSeed() {
        Fates one = new Fates(3);
        Fates same = new Fates(3);
        Fates other = new Fates(4);
        int different = 0;
        for (int i = 0; i < 1_000; i++) {
            Fate fate = one.ofContent("m" + i);
            assertThat(same.ofContent("m" + i)).isEqualTo(fate);
            different += other.ofContent("m" + i) == fate ? 0 : 1;
        }
        assertThat(different).isPositive();
    }
}
