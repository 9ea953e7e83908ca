// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that says something short and ends.
 *
 * @param words the program and its arguments
 */
record Command(List<String> words) {

    private static final long SECONDS = 60;

    /**
     * Runs it.
     *
     * @return what it said, without white space around it
     * @throws IOException if it cannot be run, fails, or does not end within a minute
     */
    String output() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(words.getFirst() + " does not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", words) + " failed: " + said.strip());
        }
        return said.strip();
    }
}
