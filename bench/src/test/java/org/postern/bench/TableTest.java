// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final Case LOAD = new Case(20, 100, 4096);

    private final Results results = new Results();

    @Test
    void dividesRoundByRound() {
        results.add("Postern", LOAD, sample(1, 0, 0));
        results.add("Postern", LOAD, sample(2, 0, 0));
        results.add("Postfix", LOAD, sample(4, 0, 0));
        results.add("Postfix", LOAD, sample(4, 0, 0));
        assertThat(table())
                .anyMatch(line -> line.startsWith("  delivered, messages/s")
                        && line.contains("50 / 75 / 100")
                        && line.contains("25 / 25 / 25")
                        && line.endsWith("2.00 / 3.00 / 4.00"));
    }

    @Test
    void countsWhatIsMissingAsNotDelivered() {
        results.add("Postern", LOAD, sample(1, 10, 3));
        assertThat(table())
                .anyMatch(line -> line.startsWith("  delivered, messages/s") && line.contains("90 / 90 / 90"))
                .contains("Lost: 10. Delivered more than once: 3.");
    }

    @Test
    void leavesTheColumnsOfNobodyEmpty() {
        results.add("Postern", LOAD, sample(1, 0, 0));
        List<String> lines = new Table(results, "Postern", Optional.empty()).lines(List.of(LOAD));
        assertThat(lines).anyMatch(line -> line.endsWith("100 / 100 / 100")).noneMatch(line -> line.contains("ratio"));
    }

    private List<String> table() {
        return new Table(results, "Postern", Optional.of("Postfix")).lines(List.of(LOAD));
    }

    private static Sample sample(double seconds, int lost, int repeated) {
        return new Sample(100, seconds, seconds, 0.5, 1 << 20, 1 << 21, new Latency(1, 2), lost, repeated);
    }
}
