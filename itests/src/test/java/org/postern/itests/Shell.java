// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A shell as somebody has it who works with a checkout: the Java and the Maven that run this build, and a folder for what
 * is temporary.
 */
final class Shell {

    private static final int PATIENCE_SECONDS = 240;

    private final Path directory;
    private final Path temporary;
    private final Map<String, String> environment = new TreeMap<>();

    /** How a script ended, and what it printed. */
    record Ended(int code, String printed) {}

    Shell(Path directory, Path temporary) {
        this.directory = directory;
        this.temporary = temporary;
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("TMPDIR", temporary.toString());
        environment.put(
                "PATH",
                Path.of(System.getProperty("postern.maven"), "bin") + File.pathSeparator + System.getenv("PATH"));
    }

    /** The top directory of this checkout. */
    static Path checkout() throws IOException {
        Path top = Path.of("..").toRealPath();
        // What the reactor has just laid out needs no second build by the start script.
        Files.writeString(top.resolve("launcher/target/postern/.built"), "");
        return top;
    }

    Shell with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    /** Runs a script; nothing that it started is left. */
    Ended run(String script) throws IOException, InterruptedException {
        Path output = Files.createTempFile(temporary, "shell", ".log");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process shell = builder.start();
        shell.getOutputStream().close();
        boolean ended = shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
        return new Ended(ended ? shell.exitValue() : -1, Files.readString(output));
    }
}
