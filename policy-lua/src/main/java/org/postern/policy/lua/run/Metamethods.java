// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.util.Arrays;
import org.postern.policy.lua.syntax.BinaryOperator;
import org.postern.policy.lua.syntax.UnaryOperator;

/** Everything that a metatable can change: indexing, calls, arithmetic, comparison, concatenation, length, text. */
public final class Metamethods {

    /** How many {@code __index} or {@code __newindex} tables may follow one another. */
    private static final int LONGEST_CHAIN = 100;

    private final LuaState state;

    Metamethods(LuaState state) {
        this.state = state;
    }

    /** The metatable of a value, or null. */
    public LuaTable metatable(Object value) {
        return switch (value) {
            case LuaTable table -> table.metatable();
            case String ignored -> state.stringMetatable();
            case null, default -> null;
        };
    }

    /** A metamethod of a value, or null. */
    public Object metamethod(Object value, String event) {
        LuaTable metatable = metatable(value);
        return metatable == null ? null : metatable.get(event);
    }

    // Indexing.

    /** {@code object[key]} */
    public Object index(Object object, Object key, Described described) {
        Object current = object;
        for (int link = 0; link < LONGEST_CHAIN; link++) {
            Object handler;
            if (current instanceof LuaTable table) {
                Object value = table.get(key);
                if (value != null || table.metatable() == null) {
                    return value;
                }
                handler = table.metatable().get("__index");
                if (handler == null) {
                    return null;
                }
            } else if (current instanceof Userdata userdata) {
                return userdata.get(state, key);
            } else {
                handler = metamethod(current, "__index");
                if (handler == null) {
                    throw wrongOperand("index", current, link == 0 ? described : Described.NAMELESS);
                }
            }
            if (handler instanceof LuaFunction function) {
                return Values.first(state.call(function, current, key));
            }
            state.budget().charge(1);
            current = handler;
        }
        throw state.error("loop in gettable");
    }

    /** {@code object[key] = value} */
    public void assign(Object object, Object key, Object value, Described described) {
        Object current = object;
        for (int link = 0; link < LONGEST_CHAIN; link++) {
            Object handler;
            if (current instanceof LuaTable table) {
                handler = newIndexHandler(table, key);
                if (handler == null) {
                    checkKey(key);
                    table.set(key, value);
                    return;
                }
            } else if (current instanceof Userdata userdata) {
                if (!userdata.set(state, key, value)) {
                    throw state.error("attempt to set field '" + shown(key) + "' of " + userdata.kind());
                }
                return;
            } else {
                handler = metamethod(current, "__newindex");
                if (handler == null) {
                    throw wrongOperand("index", current, link == 0 ? described : Described.NAMELESS);
                }
            }
            if (handler instanceof LuaFunction function) {
                state.call(function, current, key, value);
                return;
            }
            state.budget().charge(1);
            current = handler;
        }
        throw state.error("loop in settable");
    }

    private static Object newIndexHandler(LuaTable table, Object key) {
        LuaTable metatable = table.metatable();
        return metatable == null || table.get(key) != null ? null : metatable.get("__newindex");
    }

    /** Refuses nil and NaN. */
    public void checkKey(Object key) {
        if (key == null) {
            throw state.error("table index is nil");
        }
        if (key instanceof Double number && number.isNaN()) {
            throw state.error("table index is NaN");
        }
    }

    private static String shown(Object key) {
        String text = Values.toText(key);
        return text == null ? "?" : text;
    }

    private LuaError wrongOperand(String attempt, Object value, Described described) {
        String name = described.description();
        String type = Values.typeName(value);
        return state.error("attempt to " + attempt
                + (name.isEmpty() ? " a " + type + " value" : " " + name + " (a " + type + " value)"));
    }

    // Calls.

    Object[] callObject(Object object, Object[] arguments, Described described) {
        if (metamethod(object, "__call") instanceof LuaFunction function) {
            Object[] more = new Object[arguments.length + 1];
            more[0] = object;
            System.arraycopy(arguments, 0, more, 1, arguments.length);
            return function.call(state, more);
        }
        throw wrongOperand("call", object, described);
    }

    // Arithmetic.

    /** An operator of arithmetic or bits on two values of which not both are numbers. */
    public Object arithmetic(
            BinaryOperator operator, Object left, Object right, Described leftName, Described rightName) {
        Double a = Values.toNumber(left);
        Double b = Values.toNumber(right);
        if (a != null && b != null) {
            return apply(operator, a, b);
        }
        Object handler = event(operator.event(), left, right);
        if (handler != null) {
            return Values.first(state.call(handler, left, right));
        }
        boolean leftIsWrong = a == null;
        throw wrongOperand("perform arithmetic on", leftIsWrong ? left : right, leftIsWrong ? leftName : rightName);
    }

    private Object event(String event, Object left, Object right) {
        Object handler = metamethod(left, event);
        return handler != null ? handler : metamethod(right, event);
    }

    /** An operator of arithmetic or bits on numbers. */
    public static double apply(BinaryOperator operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case DIVIDE_WHOLE -> Math.floor(a / b);
            case MODULO -> a - Math.floor(a / b) * b;
            case POWER -> Math.pow(a, b);
            case BIT_AND -> (long) a & (long) b;
            case BIT_OR -> (long) a | (long) b;
            case BIT_XOR -> (long) a ^ (long) b;
            case SHIFT_LEFT -> shift((long) a, b);
            case SHIFT_RIGHT -> shift((long) a, -b);
            case OR,
                    AND,
                    LESS,
                    GREATER,
                    LESS_OR_EQUAL,
                    GREATER_OR_EQUAL,
                    NOT_EQUAL,
                    NOT_EQUAL_IN_C,
                    EQUAL,
                    CONCATENATE -> throw new IllegalArgumentException(operator + " is no arithmetic");
        };
    }

    private static long shift(long bits, double left) {
        if (left <= -64 || left >= 64) {
            return 0;
        }
        return left >= 0 ? bits << (int) left : bits >>> (int) -left;
    }

    /** An operator with one operand. */
    public Object unary(UnaryOperator operator, Object operand, Described described) {
        return switch (operator) {
            case NEGATE -> negate(operand, described);
            case LENGTH -> length(operand, described);
            case COMPLEMENT -> complement(operand, described);
        };
    }

    private Object negate(Object operand, Described described) {
        Double number = Values.toNumber(operand);
        if (number != null) {
            return -number;
        }
        Object handler = metamethod(operand, "__unm");
        if (handler == null) {
            throw wrongOperand("perform arithmetic on", operand, described);
        }
        return Values.first(state.call(handler, operand, operand));
    }

    private Object complement(Object operand, Described described) {
        Double number = Values.toNumber(operand);
        if (number == null) {
            throw wrongOperand("perform arithmetic on", operand, described);
        }
        return (double) ~(long) number.doubleValue();
    }

    private Object length(Object operand, Described described) {
        return switch (operand) {
            case String string -> (double) string.length();
            case LuaTable table -> (double) table.length();
            case null, default -> throw wrongOperand("get length of", operand, described);
        };
    }

    // Comparison.

    /** {@code left == right} */
    public boolean areEqual(Object left, Object right) {
        if (left instanceof LuaTable a && right instanceof LuaTable b && a != b) {
            Object handler = shared(a, b, "__eq");
            return handler != null && Values.isTrue(Values.first(state.call(handler, a, b)));
        }
        return Values.rawEquals(left, right);
    }

    private Object shared(Object left, Object right, String event) {
        Object handler = metamethod(left, event);
        return handler != null && Values.rawEquals(handler, metamethod(right, event)) ? handler : null;
    }

    /** {@code left < right} */
    public boolean isLess(Object left, Object right) {
        if (left instanceof Double a && right instanceof Double b) {
            return a < b;
        }
        if (left instanceof String a && right instanceof String b) {
            return compare(a, b) < 0;
        }
        Object handler = Values.typeName(left).equals(Values.typeName(right)) ? shared(left, right, "__lt") : null;
        if (handler == null) {
            throw incomparable(left, right);
        }
        return Values.isTrue(Values.first(state.call(handler, left, right)));
    }

    /** {@code left <= right} */
    public boolean isLessOrEqual(Object left, Object right) {
        if (left instanceof Double a && right instanceof Double b) {
            return a <= b;
        }
        if (left instanceof String a && right instanceof String b) {
            return compare(a, b) <= 0;
        }
        boolean alike = Values.typeName(left).equals(Values.typeName(right));
        Object handler = alike ? shared(left, right, "__le") : null;
        if (handler != null) {
            return Values.isTrue(Values.first(state.call(handler, left, right)));
        }
        if (!alike || shared(left, right, "__lt") == null) {
            throw incomparable(left, right);
        }
        return !isLess(right, left);
    }

    private int compare(String left, String right) {
        state.budget().chargeOctets(Math.min(left.length(), right.length()));
        return left.compareTo(right);
    }

    private LuaError incomparable(Object left, Object right) {
        String a = Values.typeName(left);
        String b = Values.typeName(right);
        return state.error(
                a.equals(b) ? "attempt to compare two " + a + " values" : "attempt to compare " + a + " with " + b);
    }

    // Strings.

    /** {@code a .. b .. c} */
    public Object concatenate(Object[] operands, Described[] names) {
        Object result = operands[operands.length - 1];
        int next = operands.length - 2;
        while (next >= 0) {
            int start = next + 1;
            if (Values.toText(result) != null) {
                while (start > 0 && Values.toText(operands[start - 1]) != null) {
                    start--;
                }
            }
            if (start <= next) {
                result = join(Arrays.copyOfRange(operands, start, next + 1), Values.toText(result));
                next = start - 1;
            } else {
                result = concatenate(operands[next], result, names[next], names[next + 1]);
                next--;
            }
        }
        return result;
    }

    private String join(Object[] operands, String last) {
        long length = last.length();
        String[] texts = new String[operands.length];
        for (int i = 0; i < operands.length; i++) {
            texts[i] = Values.toText(operands[i]);
            length += texts[i].length();
        }
        state.budget().allocate(56 + length);
        state.budget().chargeOctets(length);
        StringBuilder joined = new StringBuilder((int) length);
        for (String text : texts) {
            joined.append(text);
        }
        return joined.append(last).toString();
    }

    private Object concatenate(Object left, Object right, Described leftName, Described rightName) {
        Object handler = event("__concat", left, right);
        if (handler == null) {
            boolean leftIsWrong = Values.toText(left) == null;
            throw wrongOperand("concatenate", leftIsWrong ? left : right, leftIsWrong ? leftName : rightName);
        }
        return Values.first(state.call(handler, left, right));
    }

    /** What {@code tostring} gives. */
    String toText(Object value) {
        Object handler = metamethod(value, "__tostring");
        if (handler != null) {
            if (Values.first(state.call(handler, value)) instanceof String text) {
                return text;
            }
            throw state.error("'tostring' must return a string to 'print'");
        }
        return switch (value) {
            case null -> "nil";
            case Boolean truth -> truth.toString();
            case Userdata userdata -> userdata.toText(state);
            case Collectable thing -> Values.typeName(value) + ": " + state.address(thing);
            default -> Values.toText(value);
        };
    }
}
