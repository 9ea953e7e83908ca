// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightTest {

    private static final int OCTETS = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void namesTheCodeThatAllocates() throws Exception {
        Path file = folder.resolve("allocations.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationSample").withStackTrace().with("throttle", "off");
            recording.start();
            allocate(64);
            recording.stop();
            recording.dump(file);
        }
        List<String> report = new Flight(file, 4, 50).report();
        assertThat(report)
                .anyMatch(line -> line.endsWith("%  " + FlightTest.class.getName() + ".allocate"))
                .anyMatch(line -> line.endsWith("%  " + FlightTest.class.getPackageName()));
        assertThat(report.getLast()).startsWith("4 messages; ");
    }

    private static void allocate(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(new byte[OCTETS]).hasSize(OCTETS);
        }
    }
}
