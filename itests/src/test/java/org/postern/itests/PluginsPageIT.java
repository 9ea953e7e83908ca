// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/plugins.md leads a reader through, from nothing to a mechanism in a relay that runs: its commands as they stand
 * there, on other ports, with a local Maven repository of their own.
 */
@Timeout(300)
class PluginsPageIT {

    @TempDir
    private Path folder;

    private static String unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    /**
     * A Maven that neither reads nor writes the user's own installed artifacts. It goes without the network as far as it
     * can: the build of Postern has everything but what installs artifacts.
     */
    private Path maven() throws IOException {
        Path repository = MavenRepository.ofThisBuild().location();
        Path maven = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
        String command =
                "'" + System.getProperty("postern.maven") + "/bin/mvn' -Dmaven.repo.local='" + repository + "' ";
        Files.writeString(maven, "#!/bin/sh\n" + command + "-o \"$@\" || exec " + command + "\"$@\"\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
        return maven.getParent();
    }

    @Test
    void leadsFromNothingToAMechanismInARelayThatRuns() throws Exception {
        Path checkout = Shell.checkout();
        Path link = Files.createSymbolicLink(folder.resolve("postern"), checkout);
        String script = new Readme(checkout.resolve("docs/plugins.md"))
                .script()
                .replace("2525", unusedPort())
                .replace("2526", unusedPort());
        Shell.Ended ended = new Shell(folder, folder)
                .with("PATH", maven() + File.pathSeparator + System.getenv("PATH"))
                .run(script);
        Files.delete(link);
        assertThat(ended.code()).as(ended.printed()).isZero();
        assertThat(ended.printed()).contains("Tests run: ", "auth=X-SECRET as alice");
        assertThat(Files.readAllLines(folder.resolve("X-SECRET/trial/peer.log")))
                .filteredOn(line -> line.endsWith(" S: 235 2.7.0 welcome"))
                .as("one login for each message")
                .hasSize(2);
    }
}
