// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;

/** Whether the contract notices what it is there for. */
class DeliveryListenerContractTest {

    /** Counts by kind. */
    static class Honest implements DeliveryListenerContract {

        private final Map<Class<?>, Integer> counts = new ConcurrentHashMap<>();

        @Override
        public DeliveryListener listener() {
            return event -> counts.merge(event.getClass(), 1, Integer::sum);
        }
    }

    @Test
    void findsNothingWrongWithAnHonestListener() {
        assertThat(Failures.of(Honest.class)).isEmpty();
    }

    /** Believes that every session has a mechanism and that only one thread calls; swallows interruptions. */
    static class Narrow implements DeliveryListenerContract {

        private final Map<String, Thread> busy = new HashMap<>();

        @Override
        public DeliveryListener listener() {
            return this::on;
        }

        private void on(DeliveryEvent event) {
            Thread.interrupted();
            if (busy.putIfAbsent("one", Thread.currentThread()) != null && busy.get("one") != Thread.currentThread()) {
                throw new IllegalStateException("two threads");
            }
            if (event instanceof DeliveryEvent.SessionOpened opened) {
                opened.mechanism().orElseThrow();
            }
        }
    }

    @Test
    void catchesAListenerThatIsNarrow() {
        assertThat(Failures.of(Narrow.class))
                .containsExactlyInAnyOrder(
                        "takesEventsOfEveryKind", "takesEventsOfManyThreadsAtOnce", "leavesAnInterruptionToItsThread");
    }
}
