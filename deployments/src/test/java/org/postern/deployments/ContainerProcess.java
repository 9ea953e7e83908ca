// SPDX-License-Identifier: Apache-2.0
package org.postern.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A container as a process of its own, and whatever processes it starts. */
final class ContainerProcess implements AutoCloseable {

    private final Process process;
    private final Path output;

    private ContainerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static ContainerProcess start(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        Path output = folder.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new ContainerProcess(builder.start(), output);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** What it prints. */
    Path output() {
        return output;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        assertThat(process.destroyForcibly().onExit())
                .as("the end of the container")
                .succeedsWithin(Duration.ofSeconds(20));
    }
}
