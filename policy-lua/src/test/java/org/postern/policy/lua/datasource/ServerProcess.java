// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A database server from Debian's packages, on a free port of 127.0.0.1, with files of its own in a temporary folder. It
 * runs as an account without privileges where the test itself runs as root.
 */
abstract class ServerProcess implements AutoCloseable {

    static final String USER = "postern";
    static final String PASSWORD = "pass;w'o\\rd ?";

    final Path folder;
    final int port;
    private final boolean root = "root".equals(System.getProperty("user.name"));
    private Process process;

    ServerProcess() throws IOException {
        // Not below the module: the folder has to be open to another account.
        folder = Files.createTempDirectory(Path.of("/tmp"), "db").toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (root) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /** What stands for the password in a URI. */
    static String quotedPassword() {
        return "'" + PASSWORD.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private List<String> asNobody(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (root) {
            whole.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        whole.addAll(command);
        return whole;
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(asNobody(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TMPDIR", folder.toString());
        return builder;
    }

    void run(List<String> command) throws Exception {
        Process once = builder(command).start();
        assertThat(once.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(once.exitValue()).as(log()).isZero();
    }

    void launch(List<String> command) throws Exception {
        process = builder(command).start();
        Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> {
            assertThat(process.isAlive()).as(log()).isTrue();
            return answers();
        });
    }

    /** Whether a login works. */
    abstract boolean answers();

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"), UTF_8);
    }

    /** Freezes the server: connections stay, and nothing answers. */
    void freeze() throws Exception {
        signal("STOP");
    }

    /** Lets a frozen server go on. */
    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        command.add(String.valueOf(process.pid()));
        process.descendants().forEach(child -> command.add(String.valueOf(child.pid())));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
