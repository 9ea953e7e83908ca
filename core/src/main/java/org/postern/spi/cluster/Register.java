// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.cluster;

import java.time.Duration;
import java.util.Objects;

/**
 * A register as it was read. Immutable; it prints no value, which may be a secret.
 *
 * <p>Times are durations and no moments, since every machine has its own clock: age and rest count from when the storage
 * answered.
 */
public final class Register {

    private final String topic;
    private final String name;
    private final byte[] value;
    private final long revision;
    private final Duration age;
    private final Duration left;

    /**
     * As the storage has it.
     *
     * @param topic what it is about
     * @param name which one
     * @param value copied
     * @param revision a higher one for each {@linkplain SharedRegisters#put put} of this register; never 0
     * @param age how long ago it was put
     * @param left how long until it ends; more than nothing
     */
    public Register(String topic, String name, byte[] value, long revision, Duration age, Duration left) {
        this.topic = Objects.requireNonNull(topic, "topic");
        this.name = Objects.requireNonNull(name, "name");
        this.value = value.clone();
        this.revision = revision;
        this.age = Objects.requireNonNull(age, "age");
        this.left = Objects.requireNonNull(left, "left");
    }

    /** What it is about. */
    public String topic() {
        return topic;
    }

    /** Which one of its topic. */
    public String name() {
        return name;
    }

    /** A copy, which the caller may wipe; empty is a value like any other. */
    public byte[] value() {
        return value.clone();
    }

    /** What to expect at the next {@linkplain SharedRegisters#put put}. What has a lower one was there before. */
    public long revision() {
        return revision;
    }

    /** How long ago it was put. */
    public Duration age() {
        return age;
    }

    /** How long until it ends. */
    public Duration left() {
        return left;
    }

    /** Without the value. */
    @Override
    public String toString() {
        return "Register[" + topic + ", revision " + revision + ", " + value.length + " octets]";
    }
}
