// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import java.util.regex.Matcher;
import java.util.regex.PatternSyntaxException;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;

/** {@code msys.pcre}: regular expressions. A pattern that is none gives nil, a message and a number. */
public final class PcreLibrary {

    private static final double NO_PATTERN = 1;
    private static final double TOO_DEEP = -8;

    private PcreLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Module.named(state, "msys.pcre")
                .function("match", call -> guarded(call, PcreLibrary::match))
                .function("replace", call -> guarded(call, PcreLibrary::replace))
                .function("split", call -> guarded(call, PcreLibrary::split));
    }

    private interface Work {
        Object run(Arguments call, Regex regex, Matcher matcher);
    }

    private static Object[] guarded(Arguments call, Work work) {
        String subject = call.string(1);
        String pattern = call.string(2);
        call.budget().chargeOctets(subject.length() + pattern.length());
        try {
            Regex regex = Regex.compile(pattern);
            return Values.one(work.run(call, regex, regex.pattern().matcher(new Regex.Paid(subject, call.budget()))));
        } catch (PatternSyntaxException wrong) {
            return new Object[] {null, call.state().string(Values.fromText(wrong.getDescription())), NO_PATTERN};
        } catch (StackOverflowError deep) {
            return new Object[] {null, "the pattern needs too much recursion on this subject", TOO_DEEP};
        }
    }

    private static Object match(Arguments call, Regex regex, Matcher matcher) {
        if (!matcher.find()) {
            return null;
        }
        LuaTable matches = call.state().table();
        for (int i = 0; i <= matcher.groupCount(); i++) {
            matches.set(i, string(call, matcher.group(i)));
        }
        regex.names().forEach((name, java) -> matches.set(name, string(call, matcher.group(java))));
        return matches;
    }

    private static String string(Arguments call, String text) {
        return text == null ? null : call.state().string(text);
    }

    /** Every match. In the replacement {@code $1} and {@code \1} are what a group matched, {@code ${name}} too. */
    private static Object replace(Arguments call, Regex regex, Matcher matcher) {
        String subject = call.string(1);
        String replacement = call.string(3);
        StringBuilder result = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            append(call, result, subject.substring(end, matcher.start()));
            append(call, result, Replacement.expand(replacement, regex, matcher));
            end = matcher.end();
        }
        append(call, result, subject.substring(end));
        return string(call, result.toString());
    }

    private static void append(Arguments call, StringBuilder result, String text) {
        call.budget().charge(1);
        call.budget().allocate(text.length());
        result.append(text);
    }

    private static Object split(Arguments call, Regex regex, Matcher matcher) {
        String subject = call.string(1);
        LuaTable pieces = call.state().table();
        int begin = 0;
        while (matcher.find()) {
            // A pattern that matches nothing between two octets splits there, but not before the first.
            if (matcher.end() > 0 && matcher.start() < subject.length()) {
                pieces.set(pieces.length() + 1, string(call, subject.substring(begin, matcher.start())));
                begin = matcher.end();
            }
        }
        pieces.set(pieces.length() + 1, string(call, subject.substring(begin)));
        return pieces;
    }
}
