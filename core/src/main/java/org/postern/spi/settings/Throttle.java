// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.time.Duration;
import java.util.Objects;

/**
 * So much in so much time.
 *
 * @param count 0 sets no limit
 * @param window the time that the count is for; positive
 */
public record Throttle(long count, Duration window) {

    /** @throws IllegalArgumentException if the count is negative or the window is not positive */
    public Throttle {
        Objects.requireNonNull(window, "window");
        if (count < 0 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("a throttle is a count of 0 or more in a positive time");
        }
    }

    /** Whether there is a limit at all. */
    public boolean isLimited() {
        return count > 0;
    }

    /** As it is written: {@code 5}, or {@code 1/60}. */
    @Override
    public String toString() {
        return count + (window.equals(Duration.ofSeconds(1)) ? "" : "/" + window.toSeconds());
    }
}
