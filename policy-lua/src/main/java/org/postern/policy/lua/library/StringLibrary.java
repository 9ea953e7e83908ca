// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.PaidText;
import org.postern.policy.lua.run.Values;

/** {@code string}, also as methods of strings. There is no {@code string.dump}. */
public final class StringLibrary {

    private static final String SPECIAL = "^$*+?.([%-";

    private StringLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Module string = Module.named(state, "string")
                .function("byte", StringLibrary::octets)
                .function("char", StringLibrary::fromOctets)
                .function("find", call -> find(call, true))
                .function("format", call -> Values.one(StringFormat.format(call)))
                .function("gmatch", StringLibrary::globalMatch)
                .function("gsub", StringLibrary::substitute)
                .function("len", call -> Values.one(Values.number(call.string(1).length())))
                .function("lower", call -> Values.one(paid(call, Lexical.lower(paid(call, call.string(1))))))
                .function("match", call -> find(call, false))
                .function("rep", StringLibrary::repeat)
                .function("reverse", call -> Values.one(reversed(paid(call, call.string(1)))))
                .function("sub", StringLibrary::substring)
                .function("upper", call -> Values.one(Lexical.upper(paid(call, call.string(1)))))
                .alias("gfind", "gmatch");
        LuaTable metatable = state.table();
        metatable.set("__index", string.table());
        state.stringMetatable(metatable);
    }

    private static String paid(Arguments call, String text) {
        call.budget().allocate(56L + text.length());
        call.budget().chargeOctets(text.length());
        return text;
    }

    private static String reversed(String text) {
        char[] octets = text.toCharArray();
        char[] turned = new char[octets.length];
        for (int i = 0; i < octets.length; i++) {
            turned[octets.length - 1 - i] = octets[i];
        }
        return new String(turned);
    }

    /** A position from 1 on, where negative ones count from the end; not yet cut to the string. */
    private static long position(long position, int length) {
        return position >= 0 ? position : Math.max(0, length + position + 1);
    }

    private static Object[] octets(Arguments call) {
        String text = call.string(1);
        long from = position(call.integer(2, 1), text.length());
        long to = Math.min(text.length(), position(call.integer(3, from), text.length()));
        from = Math.max(1, from);
        if (from > to) {
            return Values.NONE;
        }
        if (to - from >= Limits.VALUES) {
            throw call.error("string slice too long");
        }
        Object[] octets = new Object[(int) (to - from) + 1];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (double) text.charAt((int) from - 1 + i);
        }
        return octets;
    }

    private static Object[] fromOctets(Arguments call) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= call.count(); i++) {
            long octet = call.integer(i);
            if (octet < 0 || octet > 0xFF) {
                throw call.bad(i, "invalid value");
            }
            text.append((char) octet);
        }
        return Values.one(paid(call, text.toString()));
    }

    private static Object[] repeat(Arguments call) {
        String text = call.string(1);
        long times = Math.max(0, call.integer(2));
        if (text.isEmpty() || times == 0) {
            return Values.one("");
        }
        if (times > Integer.MAX_VALUE / text.length()) {
            throw call.error("resulting string too large");
        }
        call.budget().allocate(56 + times * text.length());
        call.budget().chargeOctets(times * text.length());
        return Values.one(text.repeat((int) times));
    }

    private static Object[] substring(Arguments call) {
        String text = call.string(1);
        long from = Math.max(1, position(call.integer(2), text.length()));
        long to = Math.min(text.length(), position(call.integer(3, -1), text.length()));
        return Values.one(from > to ? "" : paid(call, text.substring((int) from - 1, (int) to)));
    }

    private static Object[] find(Arguments call, boolean positions) {
        String subject = call.string(1);
        String pattern = call.string(2);
        long init = Math.max(1, position(call.integer(3, 1), subject.length()));
        if (init > subject.length() + 1L) {
            return Values.one(null);
        }
        int start = (int) init - 1;
        if (positions && (call.truth(4) || pattern.chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0))) {
            return findPlain(call, subject, pattern, start);
        }
        boolean anchored = pattern.startsWith("^");
        Pattern matcher = new Pattern(call, subject, pattern);
        for (int at = start; at <= subject.length(); at++) {
            call.budget().charge(1);
            int end = matcher.matchAt(at, anchored ? 1 : 0);
            if (end >= 0) {
                return positions ? found(matcher, at, end) : paidAll(call, matcher.captures(at, end));
            }
            if (anchored) {
                break;
            }
        }
        return Values.one(null);
    }

    private static Object[] found(Pattern matcher, int start, int end) {
        Object[] captures = matcher.justCaptures();
        return BaseLibrary.prepend(start + 1.0, BaseLibrary.prepend((double) end, captures));
    }

    private static Object[] paidAll(Arguments call, Object[] values) {
        for (Object value : values) {
            if (value instanceof String text) {
                paid(call, text);
            }
        }
        return values;
    }

    // In pieces, so that the budget is looked at between them; Java's own search is quadratic at worst.
    private static Object[] findPlain(Arguments call, String subject, String wanted, int start) {
        int last = subject.length() - wanted.length();
        for (int at = start; at <= last; at++) {
            call.budget().charge(1 + mismatch(subject, wanted, at) / 8);
            if (subject.startsWith(wanted, at)) {
                return new Object[] {at + 1.0, (double) (at + wanted.length())};
            }
        }
        return Values.one(null);
    }

    private static int mismatch(String subject, String wanted, int at) {
        int same = 0;
        while (same < wanted.length() && subject.charAt(at + same) == wanted.charAt(same)) {
            same++;
        }
        return same;
    }

    private static Object[] globalMatch(Arguments call) {
        String subject = call.string(1);
        String pattern = call.string(2);
        int[] next = {0};
        return Values.one(new JavaFunction("gmatch iterator", step -> {
            Pattern matcher = new Pattern(step, subject, pattern);
            for (int at = next[0]; at <= subject.length(); at++) {
                step.budget().charge(1);
                int end = matcher.matchAt(at, 0);
                if (end >= 0) {
                    next[0] = end == at ? end + 1 : end;
                    return paidAll(step, matcher.captures(at, end));
                }
            }
            next[0] = subject.length() + 1;
            return Values.one(null);
        }));
    }

    private static Object[] substitute(Arguments call) {
        String subject = call.string(1);
        String pattern = call.string(2);
        Object replacement = call.value(3);
        if (Values.toText(replacement) == null
                && !(replacement instanceof LuaTable)
                && !(replacement instanceof LuaFunction)) {
            throw call.wrongType(3, "string/function/table");
        }
        long most = call.integer(4, Long.MAX_VALUE);
        boolean anchored = pattern.startsWith("^");
        Pattern matcher = new Pattern(call, subject, pattern);
        PaidText result = new PaidText(call.budget());
        int at = 0;
        long count = 0;
        while (count < most) {
            call.budget().charge(1);
            int end = matcher.matchAt(at, anchored ? 1 : 0);
            if (end >= 0) {
                count++;
                result.append(replaced(call, matcher, replacement, at, end));
            }
            if (end > at) {
                at = end;
            } else if (at < subject.length()) {
                result.append(subject.substring(at, at + 1));
                at++;
            } else {
                break;
            }
            if (anchored) {
                break;
            }
        }
        if (at < subject.length()) {
            result.append(subject.substring(at));
        }
        return new Object[] {result.toString(), Values.number(count)};
    }

    private static String replaced(Arguments call, Pattern matcher, Object replacement, int start, int end) {
        Object value = switch (replacement) {
            case LuaTable table -> call.state().metamethods().index(table, matcher.captures(start, end)[0], () -> "");
            case LuaFunction function -> Values.first(call.state().call(function, matcher.captures(start, end)));
            default -> expanded(call, matcher, Values.toText(replacement), start, end);
        };
        if (!Values.isTrue(value)) {
            return (String) matcher.captureForReplacement(0, start, end);
        }
        String text = Values.toText(value);
        if (text == null) {
            throw call.error("invalid replacement value (a " + Values.typeName(value) + ")");
        }
        return text;
    }

    private static String expanded(Arguments call, Pattern matcher, String template, int start, int end) {
        if (template.indexOf('%') < 0) {
            return template;
        }
        PaidText text = new PaidText(call.budget());
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '%' || i + 1 == template.length()) {
                text.append(String.valueOf(c));
                continue;
            }
            char next = template.charAt(++i);
            String piece = Lexical.isDigit(next)
                    ? Values.toText(matcher.captureForReplacement(next - '0', start, end))
                    : String.valueOf(next);
            text.append(piece);
        }
        return text.toString();
    }
}
