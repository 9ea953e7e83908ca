// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.postern.core.state.StateFile.decoded;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.core.state.StateFile;
import org.postern.spi.cluster.RegisterName;

/**
 * What relays that share a queue tell one another of downgrades.
 *
 * <p>Each says after which consent to its host it was put. Thus what was learned before a consent is known from what was
 * learned after it, whatever the clocks of the relays say and in whatever order they hear of the two.
 */
sealed interface DowngradeRegister {

    /** Whom it is about. */
    Endpoint endpoint();

    /** The last consent that whoever put it knew of; {@link Instant#EPOCH} for none. */
    Instant consent();

    /** The name of its register, which nothing else has. */
    String name();

    /** The value of its register. */
    byte[] value();

    /**
     * A mechanism has worked.
     *
     * @param mechanism without what the host has offered since, which is each relay's own
     * @param consent after which
     */
    record Proven(ProvenMechanism mechanism, Instant consent) implements DowngradeRegister {

        private static final String WORD = "proven";

        /** Leaves the refusal out. */
        public Proven {
            mechanism = mechanism.refusal().isPresent() ? mechanism.with(mechanism.mechanism()) : mechanism;
        }

        @Override
        public Endpoint endpoint() {
            return mechanism.endpoint();
        }

        @Override
        public String name() {
            return RegisterName.of(
                    WORD, endpoint().host(), String.valueOf(endpoint().port()), mechanism.user(), mechanism.source());
        }

        @Override
        public byte[] value() {
            return line(
                    WORD,
                    endpoint().host(),
                    String.valueOf(endpoint().port()),
                    mechanism.user(),
                    mechanism.source(),
                    mechanism.mechanism(),
                    mechanism.since().toString(),
                    consent.toString());
        }
    }

    /**
     * An operator has agreed to what the host offers: what was known of it before holds no longer.
     *
     * @param consent when, later than any consent to this host before
     */
    record Accepted(Endpoint endpoint, Instant consent) implements DowngradeRegister {

        private static final String WORD = "accepted";

        @Override
        public String name() {
            return RegisterName.of(WORD, endpoint.host(), String.valueOf(endpoint.port()));
        }

        @Override
        public byte[] value() {
            return line(WORD, endpoint.host(), String.valueOf(endpoint.port()), consent.toString());
        }
    }

    private static byte[] line(String... fields) {
        return Stream.of(fields)
                .map(StateFile::encoded)
                .collect(Collectors.joining(" "))
                .getBytes(US_ASCII);
    }

    /** What a register says; nothing if it says something else. */
    static Optional<DowngradeRegister> read(byte[] value) {
        String[] fields = new String(value, US_ASCII).split(" ", -1);
        try {
            if (fields.length == 8 && fields[0].equals(Proven.WORD)) {
                ProvenMechanism mechanism = new ProvenMechanism(
                        endpoint(fields),
                        decoded(fields[3]),
                        decoded(fields[4]),
                        decoded(fields[5]),
                        Instant.parse(decoded(fields[6])),
                        Optional.empty());
                return Optional.of(new Proven(mechanism, Instant.parse(decoded(fields[7]))));
            }
            if (fields.length == 4 && fields[0].equals(Accepted.WORD)) {
                return Optional.of(new Accepted(endpoint(fields), Instant.parse(decoded(fields[3]))));
            }
        } catch (IllegalArgumentException | DateTimeException unreadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Endpoint endpoint(String... fields) {
        return new Endpoint(decoded(fields[1]), Integer.parseInt(fields[2]));
    }
}
