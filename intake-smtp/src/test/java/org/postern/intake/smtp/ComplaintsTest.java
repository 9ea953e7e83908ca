// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.postern.intake.smtp.Complaints.Kind;

class ComplaintsTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Complaints complaints = new Complaints(nanos::get);
    private final List<String> lines = new ArrayList<>();

    private void happens(Kind kind) {
        complaints.about(kind, rest -> lines.add(kind + rest));
    }

    @Test
    void sayThingsOnceAndThenHowOftenTheyHappened() {
        for (int i = 0; i < 1_000; i++) {
            happens(Kind.FULL);
        }
        assertThat(lines).containsExactly("FULL");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        happens(Kind.FULL);
        assertThat(lines).containsExactly("FULL", "FULL (and 999 more since this was said last)");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        happens(Kind.FULL);
        assertThat(lines.getLast()).isEqualTo("FULL");
    }

    @Test
    void keepKindsApart() {
        happens(Kind.FULL);
        happens(Kind.BROKEN);
        happens(Kind.FULL);
        assertThat(lines).containsExactly("FULL", "BROKEN");
    }
}
