// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.spi.mail.MessageId;

/**
 * Names that no node ever gives twice: the microsecond of acceptance, or one more than the last where that is not larger,
 * and the number of the node's life. They sort by acceptance, as far as the nodes' clocks agree.
 *
 * <p>Threading: any thread.
 */
final class MessageNames {

    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int BASE = 32;
    private static final int MOMENT = 11;

    private final InstantSource clock;
    private final String life;
    private final AtomicLong last = new AtomicLong();

    MessageNames(InstantSource clock, long life) {
        this.clock = clock;
        this.life = digits(life, 1);
    }

    MessageId next() {
        var now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        return new MessageId(digits(last.updateAndGet(before -> Math.max(before + 1, micros)), MOMENT) + "-" + life);
    }

    private static String digits(long number, int atLeast) {
        StringBuilder digits = new StringBuilder();
        for (long rest = number; rest != 0 || digits.length() < atLeast; rest /= BASE) {
            digits.append(DIGITS.charAt((int) (rest % BASE)));
        }
        return digits.reverse().toString();
    }
}
