// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.util.List;
import java.util.Map;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one verb and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Set before the first logger: short causes on one line, stack traces only for those who ask.
        boolean verbose = List.of(arguments).contains("-v");
        System.setProperty("postern.log.stack", verbose ? "full" : "short");
        Terminal terminal = Terminal.ofProcess();
        int code = new Postern(Home.ofProcess(), terminal, Map.copyOf(System.getenv())).run(arguments);
        terminal.out().flush();
        terminal.err().flush();
        // Not all threads of libraries are daemons, and what is to be finished is finished by now.
        Runtime.getRuntime().exit(code);
    }
}
