// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;

/** Registers of some relays in one process; the contract's tests are elsewhere. Away when a test says so. */
public final class FakeRegisters implements SharedRegisters {

    private final InstantSource clock;
    private final Map<String, Entry> entries = new HashMap<>();
    private long revisions;
    private boolean away;
    private int asked;

    private record Entry(String topic, String name, byte[] value, long revision, Instant put, Instant end) {}

    /** @param clock ends the registers */
    public FakeRegisters(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether the storage fails to answer from now on. */
    public synchronized void away(boolean isAway) {
        away = isAway;
    }

    /** How often anything was asked or put. */
    public synchronized int asked() {
        return asked;
    }

    /** The same registers as a node of this name has them. */
    public SharedRegisters as(String node) {
        FakeRegisters all = this;
        return new SharedRegisters() {

            @Override
            public Optional<Register> read(String topic, String name) throws IOException {
                return all.read(topic, name);
            }

            @Override
            public Put put(String topic, String name, byte[] value, long expected, Duration life) throws IOException {
                return all.put(topic, name, value, expected, life);
            }

            @Override
            public Changes changes(Set<String> topics, long since) throws IOException {
                return all.changes(topics, since);
            }

            @Override
            public String tag(String purpose, Secret secret) {
                return all.tag(purpose, secret);
            }

            @Override
            public String node() {
                return node;
            }
        };
    }

    @Override
    public synchronized Optional<Register> read(String topic, String name) throws IOException {
        answer();
        return Optional.ofNullable(entries.get(topic + "/" + name))
                .filter(entry -> entry.end().isAfter(clock.instant()))
                .map(this::register);
    }

    @Override
    public synchronized Put put(String topic, String name, byte[] value, long expected, Duration life)
            throws IOException {
        Optional<Register> before = read(topic, name);
        if (before.map(Register::revision).orElse(ABSENT) != expected) {
            return new Put.Beaten(before);
        }
        Instant now = clock.instant();
        revisions++;
        entries.put(topic + "/" + name, new Entry(topic, name, value.clone(), revisions, now, now.plus(life)));
        return new Put.Held(revisions);
    }

    @Override
    public synchronized Changes changes(Set<String> topics, long since) throws IOException {
        answer();
        return new Changes(
                entries.values().stream()
                        .filter(one -> topics.contains(one.topic()) && one.revision() > since)
                        .filter(one -> one.end().isAfter(clock.instant()))
                        .map(this::register)
                        .toList(),
                revisions,
                clock.instant());
    }

    @Override
    public String tag(String purpose, Secret secret) {
        return "tag-" + Integer.toHexString((purpose + secret.reveal(String::new)).hashCode());
    }

    private Register register(Entry entry) {
        Instant now = clock.instant();
        return new Register(
                entry.topic(),
                entry.name(),
                entry.value(),
                entry.revision(),
                Duration.between(entry.put(), now),
                Duration.between(now, entry.end()));
    }

    private void answer() throws IOException {
        asked++;
        if (away) {
            throw new IOException("the storage does not answer");
        }
    }
}
