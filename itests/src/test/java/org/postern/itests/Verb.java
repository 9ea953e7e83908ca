// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line that ships, run as an operator runs it. */
final class Verb {

    private static final int PATIENCE_SECONDS = 60;

    private Verb() {}

    /** Runs it with this on its input and returns what it printed. */
    static Instance.Ended attempt(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("postern.home")).toRealPath() + "/postern"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " does not end; so far it printed:\n" + printed);
            }
            return new Instance.Ended(process.exitValue(), printed);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The same, where it has to succeed. */
    static String run(String input, String... arguments) throws IOException, InterruptedException {
        Instance.Ended ended = attempt(input, arguments);
        if (ended.code() != 0) {
            throw new AssertionError(List.of(arguments) + " ended with " + ended.code() + ":\n" + ended.printed());
        }
        return ended.printed();
    }
}
