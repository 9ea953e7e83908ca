// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.util.concurrent.CompletableFuture;

/**
 * Whether a message is accepted whose delivery was begun before that was known. Nothing of it is seen outside until then.
 *
 * <p>Threading: kept or broken by one thread, awaited by any.
 */
public final class Pledge {

    private final CompletableFuture<Boolean> accepted = new CompletableFuture<>();

    /** It is durable, and its sender is about to be told. */
    public void keep() {
        accepted.complete(true);
    }

    /** It is not for this process to deliver, unless that was said before. */
    public void breakOff() {
        accepted.complete(false);
    }

    /** Whether it is known by now that it is accepted. */
    boolean isKeptByNow() {
        return accepted.getNow(false);
    }

    /** Waits, even if interrupted: the disk answers whoever asks. */
    boolean isKept() {
        return accepted.join();
    }
}
