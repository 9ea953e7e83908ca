// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.JavaFunction.Body;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code math}. Each state has random numbers of its own; they are no secrets. */
public final class MathLibrary {

    private MathLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Random random = new Random();
        Module.named(state, "math")
                .value("pi", Math.PI)
                .value("huge", Double.POSITIVE_INFINITY)
                .function("abs", of(Math::abs))
                .function("acos", of(Math::acos))
                .function("asin", of(Math::asin))
                .function("atan", of(Math::atan))
                .function("atan2", of(Math::atan2))
                .function("ceil", of(Math::ceil))
                .function("cos", of(Math::cos))
                .function("cosh", of(Math::cosh))
                .function("deg", of(angle -> angle / Math.PI * 180))
                .function("exp", of(Math::exp))
                .function("floor", of(Math::floor))
                .function("fmod", of((a, b) -> a % b))
                .function("frexp", MathLibrary::mantissaAndExponent)
                .function("ldexp", call -> Values.one(call.number(1) * Math.pow(2, call.integer(2))))
                .function("log", of(Math::log))
                .function("log10", of(Math::log10))
                .function("max", call -> extreme(call, Math::max))
                .function("min", call -> extreme(call, Math::min))
                .function("modf", MathLibrary::wholeAndFraction)
                .function("pow", of(Math::pow))
                .function("rad", of(angle -> angle / 180 * Math.PI))
                .function("random", call -> random(call, random))
                .function("randomseed", call -> seed(call, random))
                .function("sin", of(Math::sin))
                .function("sinh", of(Math::sinh))
                .function("sqrt", of(Math::sqrt))
                .function("tan", of(Math::tan))
                .function("tanh", of(Math::tanh))
                .alias("mod", "fmod");
    }

    private static Body of(DoubleUnaryOperator function) {
        return call -> Values.one(function.applyAsDouble(call.number(1)));
    }

    private static Body of(DoubleBinaryOperator function) {
        return call -> Values.one(function.applyAsDouble(call.number(1), call.number(2)));
    }

    private static Object[] extreme(Arguments call, DoubleBinaryOperator choice) {
        double chosen = call.number(1);
        for (int i = 2; i <= call.count(); i++) {
            chosen = choice.applyAsDouble(chosen, call.number(i));
        }
        return Values.one(chosen);
    }

    private static Object[] mantissaAndExponent(Arguments call) {
        double number = call.number(1);
        if (number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
            return new Object[] {number, 0.0};
        }
        int exponent = Math.getExponent(number) + 1;
        double mantissa = number / Math.pow(2, exponent);
        return new Object[] {mantissa, (double) exponent};
    }

    private static Object[] wholeAndFraction(Arguments call) {
        double number = call.number(1);
        double whole = number < 0 ? Math.ceil(number) : Math.floor(number);
        return new Object[] {whole, Double.isInfinite(number) ? 0.0 : number - whole};
    }

    private static Object[] random(Arguments call, Random random) {
        double fraction = random.nextDouble();
        if (call.count() == 0) {
            return Values.one(fraction);
        }
        double least = call.count() == 1 ? 1 : Math.floor(call.number(1));
        double most = Math.floor(call.number(call.count() == 1 ? 1 : 2));
        if (!(least <= most)) {
            throw call.bad(call.count() == 1 ? 1 : 2, "interval is empty");
        }
        return Values.one(least + Math.floor(fraction * (most - least + 1)));
    }

    private static Object[] seed(Arguments call, Random random) {
        random.setSeed(Double.doubleToLongBits(call.number(1)));
        return Values.NONE;
    }
}
