// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * Where a verb reads from and writes to.
 *
 * @param in the operator's input
 * @param out results
 * @param err errors, prompts and progress
 * @param colour whether colours may be used
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean colour) {

    private static final String ESCAPE = "\u001b[";

    /** This process's. Colours only where a terminal shows them and nobody asked for none ({@code NO_COLOR}). */
    public static Terminal ofProcess() {
        return new Terminal(System.in, System.out, System.err, mayColour(System.getenv(), onTerminal()));
    }

    // From Java 22 on there is a console even without a terminal, and a method that tells the two apart.
    private static boolean onTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException beforeJava22) {
            return true;
        }
    }

    static boolean mayColour(Map<String, String> environment, boolean onTerminal) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        return onTerminal && !refused && !dumb;
    }

    /** The text, in bold type. */
    public String bold(String text) {
        return styled("1", text);
    }

    /** The text as something that went well. */
    public String good(String text) {
        return styled("32", text);
    }

    /** The text as something that went wrong. */
    public String bad(String text) {
        return styled("31", text);
    }

    /** The text as something of less weight. */
    public String faint(String text) {
        return styled("2", text);
    }

    private String styled(String code, String text) {
        return colour ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
    }
}
