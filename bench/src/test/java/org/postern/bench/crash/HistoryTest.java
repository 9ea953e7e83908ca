// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    private Path folder;

    @Test
    void judgesWhatItKeptAsItJudgedWhileItHappened() throws IOException {
        Path file = folder.resolve("history");
        Checker live = new Checker();
        try (History history = new History(file, live)) {
            history.note(new Event.Queue("one.example", 1));
            history.note(new Event.Started(1));
            history.note(new Event.Submitted("m1", "news", "d1", List.of("a@one.example", "b@one.example")));
            history.note(new Event.Accepted("m1"));
            history.note(new Event.Replied(1, "a@one.example", "250"));
            history.note(new Event.Drained());
        }
        Checker kept = History.judge(file);
        assertThat(kept.summary()).isEqualTo(live.summary());
        assertThat(kept.violations())
                .containsExactlyElementsOf(live.violations())
                .containsExactly("line 6: b@one.example of m1 was accepted and never delivered: lost");
        assertThat(Files.readAllLines(file)).hasSize(6).allMatch(line -> line.matches("[0-9.]+ [a-z]+( .*)?"));
    }
}
