// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.time.Clock;
import java.time.Instant;
import org.postern.config.store.language.Footprint;
import org.postern.config.store.language.Footprint.Look;

/**
 * Notices that files changed. It asks to read them again only when two looks in a row see the same, so that a file is not
 * read in the middle of being written, and only when a content differs. A file that lost more than half of itself must hold
 * still for longer: the beginning of a configuration often makes sense, and may lack the password. Not safe for several
 * threads.
 */
final class Watch {

    /** How many looks in a row must see the same shrunken file. */
    static final int LOOKS_AT_SHRUNKEN = 10;

    private static final int LOOKS = 2;

    private final Clock clock;
    private Footprint read;
    private Look unsettled;
    private int seen;

    Watch(Footprint read, Clock clock) {
        this.read = read;
        this.clock = clock;
    }

    /** Looks once; to be called at regular intervals. Whether the files are to be read again. */
    boolean isDue() {
        Look now = read.look();
        if (read.looksLike(now)) {
            unsettled = null;
            return isDoubtful() && differs();
        }
        seen = now.equals(unsettled) ? seen + 1 : 1;
        unsettled = now;
        if (seen < (read.shrankBy(now) ? LOOKS_AT_SHRUNKEN : LOOKS)) {
            return false;
        }
        unsettled = null;
        return differs();
    }

    /** A file can be written twice within one tick of the file system's clock; then only the content tells. */
    private boolean isDoubtful() {
        return read.isYoung() && read.isOldEnoughAt(clock.instant());
    }

    private boolean differs() {
        // The stamps come first: what changes while the contents are compared is seen by the next look.
        Instant now = clock.instant();
        Footprint restamped = read.restamped(now);
        if (!read.hasSameContent()) {
            return true;
        }
        read = restamped;
        return false;
    }
}
