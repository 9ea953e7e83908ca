// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.spi.cluster.SharedRegisters;

class InMemoryRegistersTest implements SharedRegistersContract {

    private final ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    private final InMemoryRegisters shared = new InMemoryRegisters(clock);

    @Override
    public SharedRegisters node() {
        return shared;
    }

    @Override
    public void pass(Duration life) {
        clock.advance(life);
    }

    @Test
    void registersThatAreAwayFailAndComeBack() throws Exception {
        shared.away(true);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> shared.put("one", "a", new byte[0], SharedRegisters.ABSENT, LONG));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> shared.read("one", "a"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> shared.changes(Set.of("one"), SharedRegisters.BEGINNING));
        shared.away(false);
        shared.put("one", "a", new byte[0], SharedRegisters.ABSENT, LONG);
    }
}
