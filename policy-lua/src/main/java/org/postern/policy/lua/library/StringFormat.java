// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.NumberFormat;
import org.postern.policy.lua.run.PaidText;

/** {@code string.format}. */
final class StringFormat {

    private static final String FLAGS = "-+ #0";

    private final Arguments call;
    private final String format;
    private final PaidText result;
    private int at;
    private int argument = 1;

    private StringFormat(Arguments call) {
        this.call = call;
        this.format = call.string(1);
        this.result = new PaidText(call.budget());
    }

    /** What stands between {@code %} and the letter. */
    private record Spec(String flags, int width, int precision) {

        boolean has(char flag) {
            return flags.indexOf(flag) >= 0;
        }

        int precision(int otherwise) {
            return precision < 0 ? otherwise : precision;
        }
    }

    static String format(Arguments call) {
        return new StringFormat(call).format();
    }

    private String format() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                result.append(String.valueOf(c));
            } else if (at < format.length() && format.charAt(at) == '%') {
                at++;
                result.append("%");
            } else {
                result.append(item());
            }
        }
        return result.toString();
    }

    private String item() {
        Spec spec = spec();
        char kind = at < format.length() ? format.charAt(at++) : 0;
        int position = ++argument;
        return switch (kind) {
            case 'c' -> padded(String.valueOf((char) (call.integer(position) & 0xFF)), spec);
            case 'd', 'i' -> decimal(call.number(position), spec);
            case 'u' -> decimal(Math.abs(call.number(position)), spec);
            case 'o' -> unsigned(Long.toOctalString(call.integer(position)), "0", spec);
            case 'x' -> unsigned(Long.toHexString(call.integer(position)), "0x", spec);
            case 'X' -> unsigned(Lexical.upper(Long.toHexString(call.integer(position))), "0X", spec);
            case 'e' -> real(NumberFormat.scientific(call.number(position), spec.precision(6)), spec);
            case 'E' -> real(Lexical.upper(NumberFormat.scientific(call.number(position), spec.precision(6))), spec);
            case 'f' -> real(NumberFormat.fixed(call.number(position), spec.precision(6)), spec);
            case 'g' -> real(general(position, spec), spec);
            case 'G' -> real(Lexical.upper(general(position, spec)), spec);
            case 'q' -> quoted(call.string(position));
            case 's' -> string(position, spec);
            default -> throw call.error("invalid option '%" + (kind == 0 ? "" : kind) + "' to 'format'");
        };
    }

    private String general(int position, Spec spec) {
        return NumberFormat.general(call.number(position), spec.precision(6), spec.has('#'));
    }

    private Spec spec() {
        int start = at;
        while (at < format.length() && FLAGS.indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        String flags = format.substring(start, at);
        if (flags.length() > FLAGS.length()) {
            throw call.error("invalid format (repeated flags)");
        }
        int width = digits();
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = digits();
        }
        return new Spec(flags, width, precision);
    }

    private int digits() {
        int start = at;
        while (at < format.length() && Lexical.isDigit(format.charAt(at))) {
            at++;
        }
        if (at - start > 2) {
            throw call.error("invalid format (width or precision too long)");
        }
        return at == start ? 0 : Integer.parseInt(format.substring(start, at));
    }

    private static String padded(String text, Spec spec) {
        String blanks = " ".repeat(Math.max(0, spec.width() - text.length()));
        return spec.has('-') ? text + blanks : blanks + text;
    }

    private static String decimal(double number, Spec spec) {
        boolean finite = !Double.isNaN(number) && !Double.isInfinite(number);
        double whole = number < 0 ? Math.ceil(number) : Math.floor(number);
        String digits = finite ? NumberFormat.fixed(Math.abs(whole), 0) : NumberFormat.shortest(Math.abs(number));
        String zeros = "0".repeat(Math.max(0, spec.precision() - digits.length()));
        return signed(whole < 0, zeros + digits, spec, spec.precision() < 0 && finite);
    }

    private static String real(String text, Spec spec) {
        boolean negative = text.startsWith("-");
        String size = negative ? text.substring(1) : text;
        return signed(negative, size, spec, Lexical.isDigit(size.charAt(0)));
    }

    private static String signed(boolean negative, String size, Spec spec, boolean mayHaveZeros) {
        String sign = negative ? "-" : spec.has('+') ? "+" : spec.has(' ') ? " " : "";
        if (spec.has('0') && !spec.has('-') && mayHaveZeros) {
            return sign + "0".repeat(Math.max(0, spec.width() - sign.length() - size.length())) + size;
        }
        return padded(sign + size, spec);
    }

    private static String unsigned(String digits, String prefix, Spec spec) {
        String zeros = "0".repeat(Math.max(0, spec.precision() - digits.length()));
        String shown = (spec.has('#') && !digits.equals("0") ? prefix : "") + zeros + digits;
        if (spec.has('0') && !spec.has('-') && spec.precision() < 0) {
            return "0".repeat(Math.max(0, spec.width() - shown.length())) + shown;
        }
        return padded(shown, spec);
    }

    private String string(int position, Spec spec) {
        String text = call.state().toText(call.anyValue(position));
        int end = spec.precision() < 0 ? text.length() : Math.min(text.length(), spec.precision());
        return padded(text.substring(0, end), spec);
    }

    private String quoted(String text) {
        call.budget().allocate(4L * text.length());
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\', '\n' -> quoted.append('\\').append(c);
                case '\r' -> quoted.append("\\r");
                case 0 -> quoted.append("\\000");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
