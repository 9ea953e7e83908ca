// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.postern.bench.PostgresqlServer;
import picocli.CommandLine;

/** The command that developers run, on the home that was just built. */
class CampaignIT {

    private static final String HOME = System.getProperty("postern.home");

    /** Whoever wants to know what went wrong needs the history. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void keepsEveryPromiseThroughFiftyEnds() {
        StringWriter said = new StringWriter();
        int code = new CommandLine(new Crash())
                .setOut(new PrintWriter(said))
                .execute(
                        "--cycles",
                        "50",
                        "--messages",
                        "120",
                        "--home",
                        HOME,
                        "--folder",
                        folder.resolve("campaign").toString());
        assertThat(code).as(said.toString()).isZero();
        assertThat(said.toString()).contains("50 cycles with --seed ", "Every promise was kept.");
        assertThat(folder.resolve("campaign")).doesNotExist();
    }

    @Test
    void keepsEveryPromiseOnThreeNodesAndADatabase() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), "PostgreSQL is not installed (apt-get install postgresql)");
        StringWriter said = new StringWriter();
        int code = new CommandLine(new Crash())
                .setOut(new PrintWriter(said))
                .execute(
                        "--nodes",
                        "3",
                        "--cycles",
                        "8",
                        "--messages",
                        "120",
                        "--home",
                        HOME,
                        "--folder",
                        folder.resolve("cluster").toString());
        assertThat(code).as(said.toString()).isZero();
        assertThat(said.toString()).contains("8 cycles with --seed ", "Every promise was kept.");
    }

    @Test
    void saysThatItCouldNotRunWhereThereIsNoHome() {
        StringWriter said = new StringWriter();
        int code = new CommandLine(new Crash())
                .setOut(new PrintWriter(said))
                .execute(
                        "--cycles",
                        "1",
                        "--home",
                        folder.resolve("nothing").toString(),
                        "--folder",
                        folder.resolve("campaign").toString());
        assertThat(code).isEqualTo(4);
        assertThat(said.toString())
                .contains("Not run to its end: ", "nothing/postern", "No promise was broken so far.");
        assertThat(folder.resolve("campaign").resolve("history")).exists();
    }
}
