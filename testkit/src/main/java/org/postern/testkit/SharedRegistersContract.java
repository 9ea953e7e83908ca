// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;

/** What all {@link SharedRegisters} promise. Each test has storage of its own. */
public interface SharedRegistersContract {

    /** Registers as a node sees them. Each call is another node with the same storage. */
    SharedRegisters node() throws Exception;

    /** Lets what lives for so long end: a clock is moved, or time is waited for. */
    void pass(Duration life) throws Exception;

    /** A life that does not end while a test runs. */
    Duration LONG = Duration.ofHours(1);

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long held(Put put) {
        assertThat(put).isInstanceOf(Put.Held.class);
        return ((Put.Held) put).revision();
    }

    private static Optional<Register> beaten(Put put) {
        assertThat(put).isInstanceOf(Put.Beaten.class);
        return ((Put.Beaten) put).by();
    }

    private static List<String> names(Changes changes) {
        return changes.registers().stream().map(Register::name).sorted().toList();
    }

    @Test
    @DisplayName("registers: what one node puts, another reads")
    default void readByAnother() throws Exception {
        long revision = held(node().put("one", "name", octets("value"), SharedRegisters.ABSENT, LONG));
        Register read = node().read("one", "name").orElseThrow();
        assertThat(read.value()).isEqualTo(octets("value"));
        assertThat(read.revision()).isEqualTo(revision).isNotEqualTo(SharedRegisters.ABSENT);
        assertThat(read.topic()).isEqualTo("one");
        assertThat(read.name()).isEqualTo("name");
        assertThat(read.age()).isBetween(Duration.ZERO, LONG);
        assertThat(read.left()).isBetween(Duration.ofMillis(1), LONG);
        assertThat(node().read("two", "name")).isEmpty();
        assertThat(node().read("one", "names")).isEmpty();
    }

    @Test
    @DisplayName("registers: a put based on what is no longer there changes nothing, and says what is there")
    default void putInVain() throws Exception {
        SharedRegisters node = node();
        long first = held(node.put("one", "name", octets("1"), SharedRegisters.ABSENT, LONG));
        assertThat(beaten(node().put("one", "name", octets("x"), SharedRegisters.ABSENT, LONG))
                        .orElseThrow()
                        .value())
                .isEqualTo(octets("1"));
        long second = held(node().put("one", "name", octets("2"), first, LONG));
        assertThat(second).isGreaterThan(first);
        Register by = beaten(node.put("one", "name", octets("x"), first, LONG)).orElseThrow();
        assertThat(by.value()).isEqualTo(octets("2"));
        assertThat(by.revision()).isEqualTo(second);
        assertThat(node.read("one", "name").orElseThrow().value()).isEqualTo(octets("2"));
    }

    @Test
    @DisplayName("registers: of many that put at once, one is held")
    default void race() throws Exception {
        List<SharedRegisters> nodes = List.of(node(), node(), node());
        for (int round = 0; round < 20; round++) {
            String name = "race " + round;
            List<Put> puts = AtOnce.run(6, i -> nodes.get(i % 3).put("one", name, octets("" + i), 0, LONG));
            assertThat(puts).filteredOn(Put.Held.class::isInstance).hasSize(1);
            Register now = nodes.get(0).read("one", name).orElseThrow();
            List<Put> next =
                    AtOnce.run(6, i -> nodes.get(i % 3).put("one", name, octets("" + i), now.revision(), LONG));
            assertThat(next).filteredOn(Put.Held.class::isInstance).hasSize(1);
        }
    }

    @Test
    @DisplayName("registers: what has ended is as if it had never been")
    default void end() throws Exception {
        SharedRegisters node = node();
        Duration life = Duration.ofMillis(200);
        long first = held(node.put("one", "name", octets("1"), SharedRegisters.ABSENT, life));
        pass(life);
        assertThat(node.read("one", "name")).isEmpty();
        assertThat(node.changes(Set.of("one"), SharedRegisters.BEGINNING).registers())
                .isEmpty();
        assertThat(beaten(node.put("one", "name", octets("2"), first, LONG))).isEmpty();
        long second = held(node.put("one", "name", octets("2"), SharedRegisters.ABSENT, LONG));
        assertThat(second).isGreaterThan(first);
    }

    @Test
    @DisplayName("registers: changes tell of each put after the reading before, of the topics asked for alone")
    default void changes() throws Exception {
        SharedRegisters node = node();
        SharedRegisters other = node();
        other.put("one", "a", octets("1"), SharedRegisters.ABSENT, LONG);
        other.put("two", "b", octets("1"), SharedRegisters.ABSENT, LONG);
        other.put("three", "c", octets("1"), SharedRegisters.ABSENT, LONG);
        Changes first = node.changes(Set.of("one", "two"), SharedRegisters.BEGINNING);
        assertThat(names(first)).containsExactly("a", "b");

        long revision = node.read("one", "a").orElseThrow().revision();
        other.put("one", "a", octets("2"), revision, LONG);
        other.put("one", "d", new byte[0], SharedRegisters.ABSENT, LONG);
        Changes second = node.changes(Set.of("one", "two"), first.next());
        assertThat(names(second)).contains("a", "d").doesNotContain("c");
        assertThat(second.registers())
                .filteredOn(one -> one.name().equals("a"))
                .singleElement()
                .satisfies(one -> assertThat(one.value()).isEqualTo(octets("2")));
        assertThat(node.changes(Set.of(), second.next()).registers()).isEmpty();
        assertThat(second.now())
                .isAfterOrEqualTo(first.now())
                .isBefore(first.now().plus(LONG));
    }

    @Test
    @DisplayName("registers: take any octets and any name within their bounds, and nothing beyond")
    default void bounds() throws Exception {
        SharedRegisters node = node();
        byte[] noise = new byte[SharedRegisters.LONGEST_VALUE];
        new Random(1).nextBytes(noise);
        List<byte[]> values = List.of(new byte[0], new byte[] {0}, noise, octets("\r\n\u0000'; --"));
        List<String> names =
                List.of("a", "\u0000", "\r\n", "\u00fc\ud83d\ude00", "n".repeat(SharedRegisters.LONGEST_NAME));
        for (byte[] value : values) {
            for (String name : names) {
                long before = node.read("one", name).map(Register::revision).orElse(SharedRegisters.ABSENT);
                held(node.put("one", name, value, before, LONG));
                Register read = node().read("one", name).orElseThrow();
                assertThat(read.value()).isEqualTo(value);
                assertThat(read.name()).isEqualTo(name);
            }
        }
        assertThat(names(node().changes(Set.of("one"), SharedRegisters.BEGINNING)))
                .containsExactlyInAnyOrderElementsOf(names);
        byte[] tooLong = new byte[SharedRegisters.LONGEST_VALUE + 1];
        refuses(() -> node.put("one", "a", tooLong, SharedRegisters.ABSENT, LONG));
        refuses(() -> node.put("one", "a", noise, SharedRegisters.ABSENT, Duration.ZERO));
        refuses(() -> node.put("one", "", noise, SharedRegisters.ABSENT, LONG));
        refuses(() -> node.read("one", "\u00fc".repeat(SharedRegisters.LONGEST_NAME)));
        refuses(() -> node.read("One", "a"));
        refuses(() -> node.read("", "a"));
        refuses(() -> node.changes(Set.of("a b"), SharedRegisters.BEGINNING));
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(call);
    }

    @Test
    @DisplayName("registers: print no value")
    default void printNothing() throws Exception {
        node().put("one", "name", octets("s3cret"), SharedRegisters.ABSENT, LONG);
        assertThat(node().read("one", "name").orElseThrow()).asString().doesNotContain("s3cret");
    }

    @Test
    @DisplayName("registers: a tag is the same on all nodes, and another for another secret or purpose")
    default void tags() throws Exception {
        try (Secret secret = Secret.of("s3cret");
                Secret other = Secret.of("s3crets")) {
            String tag = node().tag("login", secret);
            assertThat(node().tag("login", secret)).isEqualTo(tag).doesNotContain("s3cret");
            assertThat(node().tag("logins", secret)).isNotEqualTo(tag);
            assertThat(node().tag("login", other)).isNotEqualTo(tag);
            assertThat(tag).matches("[0-9a-f]{24}");
        }
    }
}
