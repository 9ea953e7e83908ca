// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What registers may be called and hold, for those that offer them: all refuse the same.
 *
 * <p>Threading: any thread.
 */
public final class RegisterBounds {

    private static final Pattern TOPIC = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private RegisterBounds() {}

    /** @throws IllegalArgumentException if a topic is not of the form that {@link SharedRegisters#read} says */
    public static void checkTopics(Set<String> topics) {
        for (String topic : topics) {
            check(TOPIC.matcher(topic).matches(), "a topic is a word in lower case");
        }
    }

    /** @throws IllegalArgumentException if topic or name are not of the form that {@link SharedRegisters#read} says */
    public static void checkName(String topic, String name) {
        checkTopics(Set.of(topic));
        int octets = name.getBytes(StandardCharsets.UTF_8).length;
        check(
                octets > 0 && octets <= SharedRegisters.LONGEST_NAME,
                "a name has 1 to " + SharedRegisters.LONGEST_NAME + " octets");
    }

    /** @throws IllegalArgumentException if an argument is out of the bounds that {@link SharedRegisters#put} says */
    public static void checkPut(String topic, String name, byte[] value, Duration life) {
        checkName(topic, name);
        check(
                value.length <= SharedRegisters.LONGEST_VALUE,
                "a value has at most " + SharedRegisters.LONGEST_VALUE + " octets");
        check(life.toMillis() > 0, "a register lives for a millisecond at least");
    }

    private static void check(boolean holds, String demand) {
        if (!holds) {
            throw new IllegalArgumentException(demand);
        }
    }
}
