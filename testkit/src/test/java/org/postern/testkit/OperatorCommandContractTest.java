// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.spi.command.OperatorCommand;

/** Whether the contract notices what it is there for. */
class OperatorCommandContractTest {

    /** Does what is promised. */
    static class Honest implements OperatorCommandContract {
        @Override
        public OperatorCommand command() {
            return (arguments, in, out, err) -> {
                if (arguments.equals(List.of("--help"))) {
                    out.println("Usage: frobnicate");
                    return 0;
                }
                err.println("there is no argument " + arguments);
                return 2;
            };
        }
    }

    @Test
    void findsNothingWrongWithAnHonestCommand() {
        assertThat(Failures.of(Honest.class)).isEmpty();
    }

    /** Counts calls, mixes the two outputs up, and closes what it was lent. */
    static class Rude implements OperatorCommandContract {

        private int calls;

        @Override
        public OperatorCommand command() {
            return (arguments, in, out, err) -> {
                err.println("call " + calls++);
                out.close();
                return 1;
            };
        }
    }

    @Test
    void catchesACommandThatIsRude() {
        assertThat(Failures.of(Rude.class))
                .containsExactlyInAnyOrder(
                        "explainsItself",
                        "saysWhatIsWrongWithItsArguments",
                        "leavesStreamsOpen",
                        "doesNotMixCallsThatRunAtOnce");
    }
}
