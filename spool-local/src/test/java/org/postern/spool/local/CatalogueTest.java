// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;

class CatalogueTest {

    private static final RecipientUpdate SETTLED =
            new RecipientUpdate(0, new RecipientState(true, 1, Instant.parse("2026-01-01T00:00:00Z")));

    private final Segment segment = new Segment(1, 1, null, 0);
    private final Catalogue catalogue = new Catalogue();

    private Entry add(long number) {
        Entry entry = new Entry(number, 0, 1, segment, 0, 10);
        catalogue.add(entry);
        return entry;
    }

    @Test
    void knowsWhatAMapKnowsHoweverItGrowsAndShrinks() {
        Random random = new Random(1);
        Map<Long, Entry> map = new HashMap<>();
        for (int bias : new int[] {9, 5, 1, 9, 0}) {
            for (int i = 0; i < 20_000; i++) {
                long number = random.nextLong(60_000) << random.nextInt(2) * 20;
                if (random.nextInt(10) < bias) {
                    map.computeIfAbsent(number, this::add);
                } else {
                    assertThat(catalogue.remove(number).orElse(null)).isSameAs(map.remove(number));
                }
            }
            assertThat(catalogue.size()).isEqualTo(map.size());
            assertThat(catalogue.entries()).containsExactlyInAnyOrderElementsOf(map.values());
            assertThat(catalogue.numbers())
                    .containsExactly(map.keySet().stream()
                            .mapToLong(Long::longValue)
                            .sorted()
                            .toArray());
            map.forEach((number, entry) ->
                    assertThat(catalogue.find(number).orElse(null)).isSameAs(entry));
        }
    }

    @Test
    void forgetsWhatIsSettledAndItsSegmentNeedsItNoLonger() {
        Entry first = add(1);
        add(2);

        assertThat(catalogue.update(1, List.of(SETTLED))).contains(first);
        assertThat(catalogue.update(1, List.of(SETTLED))).isEmpty();
        assertThat(catalogue.find(1)).isEmpty();
        assertThat(segment.isNeeded()).isTrue();

        catalogue.remove(2);
        assertThat(segment.isNeeded()).isFalse();
    }
}
