// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.spi.mail.MessageId;

/**
 * Numbers that are never given twice, and their short names. A number is the microsecond of acceptance, or one more than
 * the last where that is not larger, so that neither speed nor a clock set back repeats one: what the log has seen is told
 * by {@link #seen}.
 *
 * <p>Names have eleven characters of base 32 and sort like the numbers, until the year 3111.
 */
final class MessageNumbers {

    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 11;

    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    MessageNumbers(InstantSource clock) {
        this.clock = clock;
    }

    long next() {
        var now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        return last.updateAndGet(before -> Math.max(before + 1, micros));
    }

    /** Keeps this number, and all below, from being given. */
    void seen(long number) {
        last.accumulateAndGet(number, Math::max);
    }

    static MessageId name(long number) {
        char[] name = new char[LENGTH];
        long rest = number;
        for (int i = LENGTH - 1; i >= 0; i--) {
            name[i] = DIGITS.charAt((int) (rest & 31));
            rest >>>= 5;
        }
        return new MessageId(new String(name));
    }

    /** The number of a name, or nothing where the name is not one of ours. */
    static OptionalLong number(MessageId id) {
        String name = id.value();
        if (name.length() != LENGTH) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = DIGITS.indexOf(name.charAt(i));
            if (digit < 0) {
                return OptionalLong.empty();
            }
            number = number << 5 | digit;
        }
        return OptionalLong.of(number);
    }
}
