// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Takes down what a trial sees. Used by one thread. */
final class Protocol {

    private final String title;
    private final String heap;
    private final long began = System.nanoTime();
    private final List<String> figures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long mostResident;

    /**
     * Begins one.
     *
     * @param title what is tried
     * @param heap of its relays
     */
    Protocol(String title, String heap) {
        this.title = title;
        this.heap = heap;
    }

    /** A figure. */
    Protocol saw(String format, Object... arguments) {
        figures.add(String.format(Locale.ROOT, format, arguments));
        return this;
    }

    /** Something has to be so; if not, this says what is wrong. */
    Protocol check(boolean so, String format, Object... arguments) {
        if (!so) {
            faults.add(String.format(Locale.ROOT, format, arguments));
        }
        return this;
    }

    /** Something has to be as many as that. */
    Protocol check(String what, long expected, long found) {
        return check(expected == found, "%s: %,d and not %,d", what, found, expected);
    }

    /** Notes the memory of a relay, which has to be alive. */
    Protocol look(BuiltRelay relay) throws IOException {
        mostResident = Math.max(mostResident, relay.mostResident());
        return check(relay.isAlive(), "the relay has ended");
    }

    Finding end() {
        return new Finding(title, figures, faults, mostResident, heap, Patience.secondsSince(began));
    }
}
