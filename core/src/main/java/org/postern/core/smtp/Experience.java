// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What sessions learn of peers, for other sessions.
 *
 * @param chunking who chokes on BDAT (RFC 3030)
 * @param following who does not bear a message behind another one (RFC 2920)
 * @param nanoTime as {@link System#nanoTime}
 * @param far how long a reply to the end of a message takes at least where a message is sent behind another one
 */
record Experience(Refusals chunking, Refusals following, LongSupplier nanoTime, Duration far) {

    /** Of nobody yet. */
    Experience(LongSupplier nanoTime, Duration far) {
        this(new Refusals(nanoTime), new Refusals(nanoTime), nanoTime, far);
    }
}
