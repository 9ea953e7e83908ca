// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import javax.security.sasl.SaslException;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.FixedSaslContext;

/** Factories that somebody else wrote. */
class ForeignFactoryTest {

    /** What a client may do. */
    private static class Client implements SaslClient {

        boolean disposed;
        Object protection;

        @Override
        public String getMechanismName() {
            return "X-FOREIGN";
        }

        @Override
        public boolean hasInitialResponse() {
            return true;
        }

        @Override
        public byte[] evaluateChallenge(byte[] challenge) throws SaslException {
            return new byte[] {'h', 'i'};
        }

        @Override
        public boolean isComplete() {
            return true;
        }

        @Override
        public byte[] unwrap(byte[] incoming, int offset, int length) {
            throw new IllegalStateException();
        }

        @Override
        public byte[] wrap(byte[] outgoing, int offset, int length) {
            throw new IllegalStateException();
        }

        @Override
        public Object getNegotiatedProperty(String name) {
            return protection;
        }

        @Override
        public void dispose() {
            disposed = true;
        }
    }

    private record Factory(SaslClient client) implements SaslClientFactory {

        @Override
        public SaslClient createSaslClient(
                String[] mechanisms,
                String authorization,
                String protocol,
                String server,
                Map<String, ?> properties,
                CallbackHandler callbacks) {
            assertThat(mechanisms).containsExactly("X-FOREIGN");
            assertThat(protocol).isEqualTo("smtp");
            return client;
        }

        @Override
        public String[] getMechanismNames(Map<String, ?> properties) {
            return new String[] {"X-FOREIGN"};
        }
    }

    private static SaslExchange open(SaslClient client) {
        SaslMechanism mechanism = Jdk.foreign("X-FOREIGN", new Factory(client));
        return mechanism.open(FixedSaslContext.plain(), Jdk.account("alice", "wonderland"));
    }

    @Test
    void areUsedAndClosed() {
        Client client = new Client();
        try (SaslExchange exchange = open(client)) {
            assertThat(exchange.initialResponse()).hasValue(Octets.utf8("hi"));
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Complete.class);
        }
        assertThat(client.disposed).isTrue();
    }

    @Test
    void mayNotWrapTheSession() {
        Client client = new Client();
        client.protection = "auth-conf";
        try (SaslExchange exchange = open(client)) {
            exchange.initialResponse();
            assertThat(exchange.conclude())
                    .isInstanceOfSatisfying(
                            SaslStep.Abort.class,
                            abort -> assertThat(abort.reason()).contains("security layer"));
        }
    }

    @Test
    void areNotQuotedWhenTheyFail() {
        Client client = new Client() {
            @Override
            public boolean hasInitialResponse() {
                return false;
            }

            @Override
            public boolean isComplete() {
                return false;
            }

            @Override
            public byte[] evaluateChallenge(byte[] challenge) throws SaslException {
                throw new SaslException("the password is wonderland", new IllegalStateException("wonderland"));
            }
        };
        try (SaslExchange exchange = open(client)) {
            exchange.initialResponse();
            assertThat(exchange.respond(Octets.EMPTY))
                    .isEqualTo(new SaslStep.Abort("X-FOREIGN gave up: java.lang.IllegalStateException"));
        }
    }

    @Test
    void mayMakeNothing() {
        try (SaslExchange exchange = open(null)) {
            assertThat(exchange.initialResponse()).isEmpty();
            assertThat(exchange.respond(Octets.EMPTY)).isInstanceOf(SaslStep.Abort.class);
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
        }
    }

    @Test
    void areTakenForTheWorstUntilTheirServiceSaysBetter() {
        assertThat(Profile.of("X-FOREIGN", Map.of()))
                .isEqualTo(new Profile("X-FOREIGN", 5, true, List.of("password"), true));
        assertThat(Profile.of(
                        "X-FOREIGN",
                        Map.of(
                                Mechanism.PREFIX_ + "revealsSecret",
                                false,
                                Mechanism.PREFIX_ + "feeds",
                                new String[] {"bearer"},
                                Mechanism.PREFIX_ + "ranking",
                                60)))
                .isEqualTo(new Profile("X-FOREIGN", 60, false, List.of("bearer"), true));
        assertThat(Profile.of("X-FOREIGN", Map.of(Mechanism.PREFIX_ + "revealsSecret", "false"))
                        .revealsSecret())
                .as("no boolean, no promise")
                .isTrue();
    }
}
