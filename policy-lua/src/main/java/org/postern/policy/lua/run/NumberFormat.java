// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as C's {@code printf} writes them. */
public final class NumberFormat {

    private static final double LARGEST_PLAIN = 1e14;
    private static final int SHORTEST_DIGITS = 14;

    private NumberFormat() {}

    /** As {@code tostring} writes it: {@code %.14g}. */
    public static String shortest(double number) {
        if (number == Math.rint(number) && Math.abs(number) < LARGEST_PLAIN) {
            return number == 0 && 1 / number < 0 ? "-0" : Long.toString((long) number);
        }
        return general(number, SHORTEST_DIGITS, false);
    }

    /** {@code inf}, {@code -inf} or {@code nan}, or null for a finite number. */
    private static String notFinite(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        return Double.isInfinite(number) ? number > 0 ? "inf" : "-inf" : null;
    }

    /** {@code %.<places>f} */
    public static String fixed(double number, int places) {
        String special = notFinite(number);
        return special != null
                ? special
                : sign(number)
                        + exact(number).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static BigDecimal exact(double number) {
        return new BigDecimal(Math.abs(number));
    }

    private static String sign(double number) {
        return number < 0 || number == 0 && 1 / number < 0 ? "-" : "";
    }

    /** {@code %.<places>e} */
    public static String scientific(double number, int places) {
        String special = notFinite(number);
        if (special != null) {
            return special;
        }
        if (number == 0) {
            return sign(number) + "0" + (places > 0 ? "." + "0".repeat(places) : "") + "e+00";
        }
        BigDecimal rounded = exact(number).round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
        return sign(number) + scientific(digits(rounded, places + 1), exponent(rounded));
    }

    private static String scientific(String digits, int exponent) {
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        int size = Math.abs(exponent);
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    private static int exponent(BigDecimal number) {
        return number.precision() - number.scale() - 1;
    }

    private static String digits(BigDecimal number, int count) {
        String digits = number.unscaledValue().toString();
        return digits.length() >= count ? digits.substring(0, count) : digits + "0".repeat(count - digits.length());
    }

    /** {@code %.<precision>g}, or {@code %#.<precision>g}, which keeps zeros at the end */
    public static String general(double number, int precision, boolean keepZeros) {
        String special = notFinite(number);
        if (special != null) {
            return special;
        }
        int significant = Math.max(1, precision);
        if (number == 0) {
            return sign(number) + (keepZeros && significant > 1 ? "0." + "0".repeat(significant - 1) : "0");
        }
        BigDecimal rounded = exact(number).round(new MathContext(significant, RoundingMode.HALF_EVEN));
        int exponent = exponent(rounded);
        if (exponent < -4 || exponent >= significant) {
            String digits = digits(rounded, significant);
            return sign(number) + scientific(keepZeros ? digits : withoutZeros(digits), exponent);
        }
        String plain = rounded.setScale(significant - 1 - exponent, RoundingMode.HALF_EVEN)
                .toPlainString();
        return sign(number) + (keepZeros ? plain : withoutFractionZeros(plain));
    }

    private static String withoutZeros(String digits) {
        int end = digits.length();
        while (end > 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }

    private static String withoutFractionZeros(String plain) {
        if (plain.indexOf('.') < 0) {
            return plain;
        }
        String shorter = withoutZeros(plain);
        return shorter.endsWith(".") ? shorter.substring(0, shorter.length() - 1) : shorter;
    }
}
