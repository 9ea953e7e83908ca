// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** One measurement: adds up what can be reached, each thing once. */
final class Walk {

    private static final int STRING = 56;
    private static final int SHORT = 64;
    private static final int NUMBER = 16;

    private final int number;
    private final ArrayDeque<Collectable> waiting = new ArrayDeque<>();
    private final Set<String> longStrings = Collections.newSetFromMap(new IdentityHashMap<>());
    private long octets;

    /** @param number differs from that of every walk before */
    Walk(int number) {
        this.number = number;
    }

    void visit(Object value) {
        switch (value) {
            case String text -> visitString(text);
            case Double ignored -> octets += NUMBER;
            case Collectable thing -> {
                if (thing.seen != number) {
                    thing.seen = number;
                    waiting.add(thing);
                }
            }
            case null, default -> {}
        }
    }

    // A short string may be counted once for each place that it is kept in; only long ones are worth remembering.
    private void visitString(String text) {
        if (text.length() <= SHORT || longStrings.add(text)) {
            octets += STRING + text.length();
        }
    }

    void visitAll(Object[] values) {
        octets += 16 + 8L * values.length;
        for (Object value : values) {
            visit(value);
        }
    }

    void visitFrames(Frame innermost) {
        for (Frame frame = innermost; frame != null; frame = frame.caller()) {
            frame.measure(this);
        }
    }

    long total() {
        while (!waiting.isEmpty()) {
            // In two steps: measuring adds to the sum itself, and += would have read it before.
            long own = waiting.poll().measure(this);
            octets += own;
        }
        return octets;
    }
}
