// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FindingTableTest {

    @Test
    void showsWhatWasSeen() {
        Finding finding = new Finding("silent peers", List.of("rate 1.0"), List.of(), 100, "64m", 2.4);
        assertThat(FindingTable.lines(List.of(finding)))
                .containsExactly(
                        "",
                        "silent peers",
                        "  rate 1.0",
                        "  100 MiB resident at most, with a heap of 64m; 2 s",
                        "  nothing lost, bounded");
    }

    @Test
    void saysWhatIsWrong() {
        Finding finding = new Protocol("mail", "64m")
                .check("deliveries", 1_000, 1_000)
                .check("messages that wait", 1_000, 999)
                .check(false, "no end to it")
                .end();
        assertThat(finding.isGood()).isFalse();
        assertThat(FindingTable.lines(List.of(finding)))
                .last()
                .isEqualTo("  WRONG: messages that wait: 999 and not 1,000; no end to it");
    }

    @Test
    void readsHowManyEntriesWait() throws Exception {
        assertThat(BuiltRelay.entries("10,000 entries of 10,000 messages for 2 destinations, 1.2kB\n"))
                .isEqualTo(10_000);
        assertThat(BuiltRelay.entries("id age\n1 entry of 1 message for 1 destination, 1.2kB\n"))
                .isEqualTo(1);
        assertThat(BuiltRelay.entries("nothing waits\n")).isZero();
        assertThatThrownBy(() -> BuiltRelay.entries("no relay runs with that state directory\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no relay runs");
    }

    @Test
    void wrongCommandLinesAreRefused() {
        assertThat(new CommandLine(new Hostile()).execute("--only", "sillent")).isEqualTo(2);
        assertThat(new CommandLine(new Hostile()).execute("--pairs", "1")).isEqualTo(2);
    }
}
