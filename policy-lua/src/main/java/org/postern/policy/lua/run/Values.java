// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.postern.policy.lua.syntax.NumberText;

/**
 * The values of Lua as Java has them: {@code nil} is null, a boolean is a {@code Boolean}, a number is a {@code Double}, a
 * string is a {@code String} in which every {@code char} is one octet, everything else is a {@link LuaTable}, a
 * {@link LuaFunction}, a {@link Userdata} or a {@link Coroutine}.
 *
 * <p>Text of Java becomes a Lua string by {@link #fromText} and comes back by {@link #toJava}; whoever forgets it stores
 * characters that are no octets.
 */
public final class Values {

    /** No values. */
    public static final Object[] NONE = {};

    private Values() {}

    /** A Lua string of this text's UTF-8 octets. */
    public static String fromText(String text) {
        return isAscii(text) ? text : fromOctets(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A Lua string of these octets. */
    public static String fromOctets(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /** The octets of a Lua string. */
    public static byte[] toOctets(String string) {
        return string.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The text that a Lua string is in UTF-8; octets that are none become U+FFFD. */
    public static String toJava(String string) {
        return isAscii(string) ? string : new String(toOctets(string), StandardCharsets.UTF_8);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** The name of a value's type, as {@code type} gives it. */
    public static String typeName(Object value) {
        return switch (value) {
            case null -> "nil";
            case Boolean ignored -> "boolean";
            case Double ignored -> "number";
            case String ignored -> "string";
            case LuaTable ignored -> "table";
            case LuaFunction ignored -> "function";
            case Coroutine ignored -> "thread";
            default -> "userdata";
        };
    }

    /** Whether a value counts as true: all do but nil and false. */
    public static boolean isTrue(Object value) {
        return value != null && value != Boolean.FALSE && !Boolean.FALSE.equals(value);
    }

    /** Equality without metamethods. */
    public static boolean rawEquals(Object left, Object right) {
        if (left == right) {
            return !(left instanceof Double number && number.isNaN());
        }
        return switch (left) {
            case Double number -> right instanceof Double other && number.doubleValue() == other.doubleValue();
            case String string -> string.equals(right);
            case Boolean truth -> truth.equals(right);
            case null, default -> false;
        };
    }

    /** The number that a value is or, being a string, spells; null if none. */
    public static Double toNumber(Object value) {
        if (value instanceof Double number) {
            return number;
        }
        if (value instanceof String string) {
            OptionalDouble number = NumberText.parse(string);
            return number.isPresent() ? number.getAsDouble() : null;
        }
        return null;
    }

    /** The string that a value is or, being a number, is written as; null if neither. */
    public static String toText(Object value) {
        return switch (value) {
            case String string -> string;
            case Double number -> NumberFormat.shortest(number);
            case null, default -> null;
        };
    }

    /** A whole number as Lua has it. */
    public static Double number(long value) {
        return (double) value;
    }

    /** One value. */
    public static Object[] one(Object value) {
        return new Object[] {value};
    }

    /** The first of several, or nil. */
    public static Object first(Object[] values) {
        return values.length == 0 ? null : values[0];
    }
}
