// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.engine.DeliveryEngine;

class EngineSlotTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final DeliveryEngine one = () -> null;
    private final DeliveryEngine other = () -> null;

    @Test
    void givesTheEngineThatIsThere() {
        EngineSlot slot = new EngineSlot(LONG);
        slot.put(one);
        assertThat(slot.get()).containsSame(one);
    }

    @Test
    void waitsForAnEngineThatComes() throws Exception {
        EngineSlot slot = new EngineSlot(LONG);
        CompletableFuture<Optional<DeliveryEngine>> waiting = CompletableFuture.supplyAsync(slot::get);
        slot.put(one);
        assertThat(waiting.get(10, TimeUnit.SECONDS)).containsSame(one);
    }

    @Test
    void saysThatThereIsNoneWhenTheGraceIsOver() {
        assertThat(new EngineSlot(Duration.ofMillis(1)).get()).isEmpty();
    }

    @Test
    void keepsTheNextEngineWhenTheOldOneLeavesLate() {
        EngineSlot slot = new EngineSlot(LONG);
        slot.put(one);
        slot.put(other);
        slot.remove(one);
        assertThat(slot.get()).containsSame(other);
    }

    @Test
    void letsNobodyWaitOnceClosed() throws Exception {
        EngineSlot slot = new EngineSlot(LONG);
        CompletableFuture<Optional<DeliveryEngine>> waiting = CompletableFuture.supplyAsync(slot::get);
        slot.close();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEmpty();
    }
}
