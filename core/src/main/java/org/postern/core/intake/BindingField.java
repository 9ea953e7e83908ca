// SPDX-License-Identifier: Apache-2.0
package org.postern.core.intake;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.spi.policy.ReceivedMessage;

/**
 * Takes the {@code X-Binding} fields out of a header that passes by, and remembers what they say. One pass, in pieces of
 * any size; the body is not looked at.
 */
public final class BindingField {

    private static final byte[] NAME = "x-binding".getBytes(StandardCharsets.US_ASCII);

    /** White space that may stand before the colon (RFC 5322 section 4.5); more than this is no field of ours. */
    private static final int MOST_HELD = NAME.length + 64;

    private static final int LONGEST_VALUE = 1024;
    private static final int USUAL_HEADER = 512;
    private static final int MOST_VALUES = 16;

    private enum State {
        LINE_START,
        IN_NAME,
        KEPT,
        TAKEN,
        BODY
    }

    private final boolean remembering;
    private final ByteArrayOutputStream remembered = new ByteArrayOutputStream();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();
    private final List<String> values = new ArrayList<>();
    private ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private State state = State.LINE_START;
    private boolean taking;
    private boolean emptyLine;

    /** @param remembering whether the rest of the header is wanted, up to {@link ReceivedMessage#HEADER_OCTETS} */
    public BindingField(boolean remembering) {
        this.remembering = remembering;
    }

    /** Whether everything that still comes passes as it is. */
    public boolean behindHeader() {
        return state == State.BODY;
    }

    /**
     * Takes octets of the header out of a piece of content. What stands behind the header stays in it.
     *
     * @return those that pass
     */
    public byte[] pass(ByteBuffer content) {
        passed = new ByteArrayOutputStream(USUAL_HEADER);
        while (content.hasRemaining() && state != State.BODY) {
            if (state == State.KEPT) {
                keep(restOfLine(content));
            } else {
                take(content.get());
            }
        }
        return passed.toByteArray();
    }

    private static byte[] restOfLine(ByteBuffer content) {
        int end = content.position();
        while (end < content.limit() && content.get(end) != '\n') {
            end++;
        }
        byte[] octets = new byte[Math.min(end + 1, content.limit()) - content.position()];
        content.get(octets);
        return octets;
    }

    /** No more comes. Returns what was still held back. */
    public byte[] end() {
        passed = new ByteArrayOutputStream();
        release();
        if (taking) {
            addValue();
        }
        state = State.BODY;
        return passed.toByteArray();
    }

    private void take(byte octet) {
        switch (state) {
            case LINE_START -> startLine(octet);
            case IN_NAME -> inName(octet);
            case KEPT -> keep(new byte[] {octet});
            case TAKEN -> drop(octet);
            case BODY -> throw new IllegalStateException("the header has ended");
        }
    }

    private void startLine(byte octet) {
        boolean folded = octet == ' ' || octet == '\t';
        if (folded) {
            state = taking ? State.TAKEN : State.KEPT;
        } else {
            if (taking) {
                addValue();
            }
            state = State.IN_NAME;
            emptyLine = true;
        }
        take(octet);
    }

    private void inName(byte octet) {
        int matched = held.size();
        if (matched < NAME.length ? Character.toLowerCase(octet) == NAME[matched] : blank(octet, matched)) {
            held.write(octet);
        } else if (matched >= NAME.length && octet == ':') {
            held.reset();
            taking = true;
            state = State.TAKEN;
        } else {
            release();
            state = State.KEPT;
            keep(new byte[] {octet});
        }
    }

    private static boolean blank(byte octet, int matched) {
        return (octet == ' ' || octet == '\t') && matched < MOST_HELD;
    }

    private void release() {
        byte[] name = held.toByteArray();
        held.reset();
        emit(name);
    }

    /** Octets of one line; only the last may end it. */
    private void keep(byte[] octets) {
        emit(octets);
        if (octets[octets.length - 1] == '\n') {
            state = emptyLine ? State.BODY : State.LINE_START;
            emptyLine = false;
        }
    }

    private void emit(byte[] octets) {
        for (int i = 0; emptyLine && i < octets.length; i++) {
            emptyLine = octets[i] == '\r' || octets[i] == '\n';
        }
        passed.writeBytes(octets);
        if (remembering) {
            int room = ReceivedMessage.HEADER_OCTETS - remembered.size();
            remembered.write(octets, 0, Math.min(octets.length, room));
        }
    }

    private void drop(byte octet) {
        if (octet == '\n') {
            state = State.LINE_START;
        } else if (octet != '\r' && value.size() < LONGEST_VALUE) {
            value.write(octet);
        }
    }

    private void addValue() {
        taking = false;
        if (values.size() < MOST_VALUES) {
            values.add(value.toString(StandardCharsets.UTF_8).strip());
        }
        value.reset();
    }

    /** What the fields said, from top to bottom; complete behind the header. At most 16 of 1,024 octets. */
    public List<String> values() {
        return List.copyOf(values);
    }

    /** The rest of the header, as far as it is remembered. */
    public HeaderFields rest() {
        return HeaderFields.of(remembered.toByteArray());
    }
}
