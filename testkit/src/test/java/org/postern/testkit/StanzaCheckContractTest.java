// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.spi.settings.StanzaCheck;

/** Whether the contract notices what it is there for. */
class StanzaCheckContractTest {

    private static StanzaCheck check(String pid, java.util.function.Function<Map<String, ?>, List<String>> errors) {
        return new StanzaCheck() {
            @Override
            public String pid() {
                return pid;
            }

            @Override
            public List<Finding> check(Map<String, ?> properties) {
                return errors.apply(properties).stream()
                        .map(text -> new Finding(true, "", text))
                        .toList();
            }
        };
    }

    private abstract static class Stanzas implements StanzaCheckContract {

        @Override
        public Map<String, ?> right() {
            return Map.of("postern.config.directory", "/etc", "colour", "green");
        }

        @Override
        public Map<String, ?> wrong() {
            return Map.of("postern.config.directory", "/etc", "colour", "loud");
        }
    }

    /** Knows colours. */
    static class Honest extends Stanzas {

        @Override
        public StanzaCheck check() {
            return StanzaCheckContractTest.check(
                    "org.example.colours",
                    properties -> "loud".equals(properties.get("colour")) ? List.of("loud is no colour") : List.of());
        }
    }

    @Test
    void findsNothingWrongWithAnHonestCheck() {
        assertThat(Failures.of(Honest.class)).isEmpty();
    }

    /** Finds the right one wrong and the wrong one right, and relies on what may be left out. */
    static class Careless extends Stanzas {

        @Override
        public StanzaCheck check() {
            return StanzaCheckContractTest.check(
                    "",
                    properties -> properties.remove("colour").equals("green") ? List.of("green\nis wrong") : List.of());
        }
    }

    @Test
    void catchesACheckThatIsCareless() {
        assertThat(Failures.of(Careless.class))
                .containsExactlyInAnyOrder(
                        "saysWhoseStanzasItLooksAt",
                        "findsNothingWrongWithWhatIsRight",
                        "saysWhatIsWrong",
                        "takesAStanzaInWhichEverythingIsLeftOut",
                        "changesNothingInWhatItIsHanded");
    }
}
