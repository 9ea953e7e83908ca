// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainedLogTest {

    private static final Optional<String> FROM_THE_BEGINNING = Optional.of("");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void fiveLines() throws IOException {
        file = directory.resolve("log");
        append("\"n\":1", "\"n\":2", "\"n\":3", "\"n\":4", "\"n\":5");
    }

    private String append(String... members) throws IOException {
        try (ChainedLog log = ChainedLog.open(file, "")) {
            for (String one : members) {
                log.append(one);
            }
            log.force();
            return log.head();
        }
    }

    private ChainVerification verify() throws IOException {
        return ChainVerification.of(file, FROM_THE_BEGINNING, Optional.empty());
    }

    private void write(List<String> lines) throws IOException {
        Files.write(file, lines);
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(file));
    }

    @Test
    void chainsItsLinesAndIsForItsOwnerAlone() throws IOException {
        assertThat(verify().wrong()).isEmpty();
        assertThat(verify().lines()).isEqualTo(5);
        assertThat(lines().getFirst()).isEqualTo("{\"n\":1,\"previous\":\"\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void goesOnWhereItEnded() throws IOException {
        String head = append("\"n\":6");
        assertThat(verify().head()).isEqualTo(head);
        assertThat(verify().lines()).isEqualTo(6);
    }

    @Test
    void findsTheLastLineHoweverLongItIs() throws IOException {
        append("\"n\":\"" + "x".repeat(100_000) + "\"");
        append("\"n\":7");
        assertThat(verify().wrong()).isEmpty();
        assertThat(verify().lines()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 60})
    void cutsOffTheHalfLineThatAPowerCutLeft(int octets) throws IOException {
        String half = lines().getLast().substring(0, octets);
        Files.writeString(file, half, StandardOpenOption.APPEND);
        append("\"n\":6");
        assertThat(verify().wrong()).isEmpty();
        assertThat(lines()).hasSize(6);
    }

    @Test
    void beginsAnewWhereTheOnlyLineIsHalfALine() throws IOException {
        Files.writeString(file, "{\"n\":");
        append("\"n\":1");
        assertThat(lines()).containsExactly("{\"n\":1,\"previous\":\"\"}");
    }

    @Test
    void findsALineThatWasEdited() throws IOException {
        List<String> lines = lines();
        lines.set(2, lines.get(2).replace("\"n\":3", "\"n\":9"));
        write(lines);
        assertThat(verify().wrong()).contains("was altered: line 4 does not follow from the one before");
    }

    @Test
    void findsALineThatWasTakenOut() throws IOException {
        List<String> lines = lines();
        lines.remove(1);
        write(lines);
        assertThat(verify().wrong()).contains("was altered: line 2 does not follow from the one before");
    }

    @Test
    void findsLinesThatChangedPlaces() throws IOException {
        List<String> lines = lines();
        Collections.swap(lines, 1, 2);
        write(lines);
        assertThat(verify().wrong()).contains("was altered: line 2 does not follow from the one before");
    }

    @Test
    void findsALineThatIsTwice() throws IOException {
        List<String> lines = lines();
        lines.add(3, lines.get(2));
        write(lines);
        assertThat(verify().wrong()).contains("was altered: line 4 does not follow from the one before");
    }

    @Test
    void findsWhatIsNoLine() throws IOException {
        Files.writeString(file, "\u0000\u0001 nonsense\n", StandardOpenOption.APPEND);
        assertThat(verify().wrong()).contains("was altered: line 6 is no line of such a log, or is not whole");
    }

    @Test
    void findsThatTheEndIsMissingWhereTheHashOfTheLastLineIsKnown() throws IOException {
        String head = verify().head();
        assertThat(ChainVerification.of(file, FROM_THE_BEGINNING, Optional.of(head))
                        .noted())
                .contains(5L);
        write(lines().subList(0, 3));
        ChainVerification cut = ChainVerification.of(file, FROM_THE_BEGINNING, Optional.of(head));
        assertThat(cut.wrong()).isEmpty();
        assertThat(cut.noted()).isEmpty();
    }

    @Test
    void followsAChainFromFileToFile() throws IOException {
        String head = verify().head();
        Path next = directory.resolve("next");
        try (ChainedLog log = ChainedLog.open(next, head)) {
            log.append("\"n\":6");
        }
        assertThat(ChainVerification.of(next, Optional.of(head), Optional.empty())
                        .wrong())
                .isEmpty();
        assertThat(ChainVerification.of(next, FROM_THE_BEGINNING, Optional.empty())
                        .wrong())
                .isPresent();
        assertThat(ChainVerification.of(next, Optional.empty(), Optional.empty())
                        .begins())
                .isEqualTo(head);
    }

    @Test
    void turnsASecondWriterAway() throws IOException {
        try (ChainedLog first = ChainedLog.open(file, "")) {
            assertThatThrownBy(() -> ChainedLog.open(file, ""))
                    .isInstanceOf(IOException.class)
                    .hasMessage(file + " is being written by somebody else");
            first.append("\"n\":6");
        }
        assertThat(verify().wrong()).isEmpty();
    }

    @Test
    void writesWhateverIsInATextOnOneLineThatATerminalDoesNotObey() throws IOException {
        String nasty = "a\"b\\c\r\n\u0000\u001b[31m\u2028\u202e\ud800 \u00e4\ud83d\ude00";
        append("\"n\":" + ChainedLog.json(nasty));
        assertThat(verify().wrong()).isEmpty();
        assertThat(lines()).hasSize(6);
        assertThat(lines().getLast())
                .contains("a\\\"b\\\\c\\u000d\\u000a\\u0000\\u001b[31m\\u2028\\u202e")
                .contains("\u00e4\ud83d\ude00");
        assertThatThrownBy(() -> append("\"n\":\"\n\"")).isInstanceOf(IllegalArgumentException.class);
    }
}
