// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.spi.cluster.Register;

/**
 * What relays tell one another of the logins of an account. Times are by this relay's clock; between relays they are told
 * as milliseconds from when the register was put.
 *
 * @param proven whether the credential was accepted, and not refused since
 * @param refusals how often it was refused in a row
 * @param probeDue before when none may try
 * @param regularProbe when the probe is due, or was before news brought it forward
 * @param extraLoginSpent whether the one further login of this interval was made, or is due
 * @param triedUntil until when one relay tries, and no other
 */
record LoginFact(
        boolean proven,
        int refusals,
        Instant probeDue,
        Instant regularProbe,
        boolean extraLoginSpent,
        Instant triedUntil) {

    private static final Pattern FORM =
            Pattern.compile("1 ([01]) ([0-9]{1,9}) ([0-9]{1,12}) ([0-9]{1,12}) ([01]) ([0-9]{1,12})");

    /** What a register says; nothing if it is in words of another time than ours. */
    static Optional<LoginFact> of(Register register, Instant now) {
        Matcher form = FORM.matcher(new String(register.value(), StandardCharsets.US_ASCII));
        if (!form.matches()) {
            return Optional.empty();
        }
        Instant put = now.minus(register.age());
        return Optional.of(new LoginFact(
                form.group(1).equals("1"),
                Integer.parseInt(form.group(2)),
                put.plusMillis(Long.parseLong(form.group(3))),
                put.plusMillis(Long.parseLong(form.group(4))),
                form.group(5).equals("1"),
                put.plusMillis(Long.parseLong(form.group(6)))));
    }

    /** The value of a register that is put now. */
    byte[] octets(Instant now) {
        String text = "1 " + bit(proven) + " " + Math.min(refusals, 999_999_999) + " " + millis(now, probeDue) + " "
                + millis(now, regularProbe) + " " + bit(extraLoginSpent) + " " + millis(now, triedUntil);
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String bit(boolean isSet) {
        return isSet ? "1" : "0";
    }

    private static long millis(Instant now, Instant then) {
        return then.isAfter(now) ? Duration.between(now, then).toMillis() : 0;
    }

    /** Whether it says more than that somebody tries. */
    boolean hasVerdict() {
        return proven || refusals > 0;
    }

    /** The same while one relay tries. */
    LoginFact triedUntil(Instant end) {
        return new LoginFact(proven, refusals, probeDue, regularProbe, extraLoginSpent, end);
    }

    /**
     * What holds where this was to be told and another was told meanwhile. A success is worth more than a refusal: it costs
     * a login or two if it is no longer true, and the refusal holds mail up. Of two refusals one was the further login of
     * the interval.
     */
    LoginFact mergedWith(LoginFact other) {
        if (proven || other.proven) {
            return proven ? this : other;
        }
        if (!hasVerdict() || !other.hasVerdict()) {
            return hasVerdict() ? triedUntil(other.triedUntil) : other;
        }
        return new LoginFact(
                false,
                Math.max(refusals, other.refusals),
                later(probeDue, other.probeDue),
                later(regularProbe, other.regularProbe),
                true,
                other.triedUntil);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
