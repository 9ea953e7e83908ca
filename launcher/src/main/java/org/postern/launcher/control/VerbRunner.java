// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.control;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** Runs a verb. Threading: called by several threads at once. */
@FunctionalInterface
public interface VerbRunner {

    /** Does it and returns the exit code; a thread that nobody waits for any more is interrupted. */
    int run(String verb, List<String> arguments, InputStream in, PrintStream out, PrintStream err);
}
