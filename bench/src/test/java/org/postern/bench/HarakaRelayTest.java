// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarakaRelayTest {

    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path folder;

    private Optional<HarakaRelay> find(Path command) throws Exception {
        return HarakaRelay.find(command, folder.resolve("run"), null, Demand.USUAL, said::add);
    }

    @Test
    void saysHowToGetItWhereItIsMissing() throws Exception {
        assertThat(find(folder.resolve("haraka"))).isEmpty();
        assertThat(said).singleElement().asString().contains("npm install -g Haraka", "--haraka PATH");
    }

    @Test
    void readsTheVersionBehindItsColours() throws Exception {
        Path command = Files.writeString(
                folder.resolve("haraka"), "#!/bin/sh\nprintf '\\033[32;40mHaraka.js\\033[0m — Version: 3.3.4'\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        assertThat(find(command))
                .hasValueSatisfying(haraka -> assertThat(haraka.version()).isEqualTo("Haraka 3.3.4"));
        assertThat(said).isEmpty();
    }
}
