// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.postern.launcher.Terminal;

/** Tells what happens while it happens, one line per event, with the seconds since the start. */
final class Narrator {

    private final Terminal terminal;
    private final PrintStream out;
    private final long began = System.nanoTime();

    Narrator(Terminal terminal, PrintStream out) {
        this.terminal = terminal;
        this.out = out;
    }

    void say(String what) {
        out.println(terminal.faint(String.format(Locale.ROOT, "%6.2f s  ", seconds())) + what);
        out.flush();
    }

    void step(String what) {
        say(terminal.bold(what));
    }

    void quote(List<String> lines) {
        lines.forEach(line -> say(terminal.faint("   | " + line)));
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    void plain(String line) {
        out.println(line);
        out.flush();
    }
}
