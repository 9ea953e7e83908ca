// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.command.OperatorCommand;

/** What every {@link OperatorCommand} promises about being called. */
public interface OperatorCommandContract {

    /** The command under test, always the same one. */
    OperatorCommand command();

    /** Command lines that are wrong; none of them does anything. */
    default List<List<String>> wrongArguments() {
        return List.of(List.of("--no-such-option"));
    }

    /** How a call ended. */
    record Ended(int code, String printed, String complained) {}

    private Ended run(List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = command()
                .run(
                        arguments,
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("command: explains itself to --help, on standard output, with 0")
    default void explainsItself() {
        Ended help = run(List.of("--help"));
        assertThat(help.code()).as(help.complained()).isZero();
        assertThat(help.printed()).isNotBlank();
        assertThat(help.complained()).isEmpty();
    }

    @Test
    @DisplayName("command: answers wrong arguments with 2 and says what is wrong, on standard error")
    default void saysWhatIsWrongWithItsArguments() {
        for (List<String> arguments : wrongArguments()) {
            Ended refused = run(arguments);
            assertThat(refused.code()).as("exit code of %s", arguments).isEqualTo(2);
            assertThat(refused.complained()).as("complaint about %s", arguments).isNotBlank();
            assertThat(refused.printed()).as("results of %s", arguments).isEmpty();
        }
    }

    @Test
    @DisplayName("command: leaves the operator's input and outputs open, for they are not its own")
    default void leavesStreamsOpen() {
        boolean[] closed = new boolean[1];
        InputStream in = new InputStream() {
            @Override
            public int read() {
                return -1;
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        command().run(List.of("--help"), in, out, out);
        assertThat(closed[0]).isFalse();
    }

    @Test
    @DisplayName("command: does not mix calls that run at once")
    default void doesNotMixCallsThatRunAtOnce() throws Exception {
        Ended help = run(List.of("--help"));
        Ended refused = run(wrongArguments().getFirst());
        AtOnce.run(8, worker -> {
            for (int i = 0; i < 10; i++) {
                assertThat(run(List.of("--help"))).isEqualTo(help);
                assertThat(run(wrongArguments().getFirst())).isEqualTo(refused);
            }
            return null;
        });
    }
}
