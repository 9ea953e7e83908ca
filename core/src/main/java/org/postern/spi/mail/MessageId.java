// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.regex.Pattern;

/**
 * Names one accepted message in this installation; it is what the log, the queue and the Received field show.
 *
 * @param value 1 to 64 characters out of letters, digits, {@code -} and {@code .}
 */
public record MessageId(String value) implements Comparable<MessageId> {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    /** @throws IllegalArgumentException if the value has another form */
    public MessageId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a message id: 1 to 64 letters, digits, '-' and '.' are allowed");
        }
    }

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
