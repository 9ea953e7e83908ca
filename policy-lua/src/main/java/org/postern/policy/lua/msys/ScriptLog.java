// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.postern.policy.lua.run.Values;

/**
 * What a script prints during one call. It is written when the call is over and not before: what turns out to be a secret
 * after it was printed is masked all the same. Hangs on the state.
 */
public final class ScriptLog {

    private static final int MOST_LINES = 200;
    private static final int MOST_OCTETS = 64 * 1024;
    private static final int LONGEST_LINE = 4_096;

    private final List<String> lines = new ArrayList<>();
    private int octets;
    private int lost;

    /** Keeps a line for the end of the call. */
    public void print(String line) {
        String kept = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "..." : line;
        if (lines.size() >= MOST_LINES || octets + kept.length() > MOST_OCTETS) {
            lost++;
            return;
        }
        octets += kept.length();
        lines.add(kept);
    }

    /** Writes what was kept, masked, and forgets it. */
    public void flush(Secrets secrets, Consumer<String> to) {
        for (String line : lines) {
            to.accept(printable(secrets.mask(line)));
        }
        if (lost > 0) {
            to.accept("(" + lost + " more lines, which are too many for one call)");
        }
        lines.clear();
        octets = 0;
        lost = 0;
    }

    /** A Lua string as one line of a log: its text in UTF-8, control characters escaped. */
    public static String printable(String string) {
        StringBuilder shown = new StringBuilder();
        for (char c : Values.toJava(string).toCharArray()) {
            if (c == '\n' || c == '\t' || !Character.isISOControl(c)) {
                shown.append(c == '\n' ? "\\n" : c == '\t' ? "\t" : String.valueOf(c));
            } else {
                shown.append(String.format("\\x%02x", (int) c));
            }
        }
        return shown.toString();
    }
}
