// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SinkListTest {

    private final AtomicInteger told = new AtomicInteger();
    private final SinkList list = new SinkList("p1", 2, told::incrementAndGet);

    @Test
    void tellsOnceWhenAllHaveCome() {
        list.mark(SinkList.recipient("p1", 1));
        assertThat(told).hasValue(0);
        list.mark(SinkList.recipient("p1", 0));
        list.mark(SinkList.recipient("p1", 0));
        assertThat(told).hasValue(1);
    }

    @Test
    void doesNotTakeARepetitionForAnotherMessage() {
        list.mark(SinkList.recipient("p1", 1));
        list.mark(SinkList.recipient("p1", 1));
        assertThat(list.different()).isEqualTo(1);
        assertThat(list.repeated()).isEqualTo(1);
        assertThat(told).hasValue(0);
    }

    @Test
    void leavesOtherPhasesOut() {
        list.mark(SinkList.recipient("p11", 1));
        list.mark(SinkList.recipient("p0", 0));
        assertThat(list.different()).isZero();
        assertThat(list.repeated()).isZero();
    }
}
