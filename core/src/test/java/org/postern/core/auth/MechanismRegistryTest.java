// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.spi.sasl.SaslMechanism;

@Timeout(30)
class MechanismRegistryTest {

    private final MechanismRegistry registry = new MechanismRegistry(Duration.ofSeconds(20));

    @Test
    void listsOnePerNameStrongestFirst() {
        registry.bind(installed("PLAIN", 10, 1), mechanism());
        registry.bind(installed("LOGIN", 5, 2), mechanism());
        registry.bind(installed("PLAIN", 20, 3), mechanism());
        registry.bind(installed("scram-sha-256", 100, 4), mechanism());
        assertThat(registry.installed())
                .extracting(InstalledMechanism::name)
                .containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(registry.installed().get(1).serviceId()).isEqualTo(3);
    }

    @Test
    void leasesTheHighestRankingOneInAnyCase() {
        SaslMechanism strong = mechanism();
        registry.bind(installed("PLAIN", 1, 1), mechanism());
        registry.bind(installed("PLAIN", 2, 2), strong);
        try (MechanismLease lease = registry.lease("plain").orElseThrow()) {
            assertThat(lease.mechanism()).isSameAs(strong);
        }
        assertThat(registry.lease("LOGIN")).isEmpty();
    }

    @Test
    void letsAnExchangeInFlightEndOnTheOldMechanismWhileNewOnesGetTheNew() {
        SaslMechanism old = mechanism();
        SaslMechanism young = mechanism();
        registry.bind(installed("PLAIN", 1, 1), old);
        MechanismLease inFlight = registry.lease("PLAIN").orElseThrow();
        CompletableFuture<Void> departure =
                CompletableFuture.runAsync(() -> registry.unbind(1), Thread::startVirtualThread);
        await().until(() -> registry.installed().isEmpty());
        registry.bind(installed("PLAIN", 1, 2), young);

        assertThat(departure).isNotDone();
        assertThat(inFlight.mechanism()).isSameAs(old);
        assertThat(registry.lease("PLAIN").orElseThrow().mechanism()).isSameAs(young);

        inFlight.close();
        departure.join();
    }

    @Test
    void cutsOffALeaseThatOutlastsTheDeadlineAndPinsNothing() {
        MechanismRegistry hasty = new MechanismRegistry(Duration.ofMillis(20));
        SaslMechanism leaving = mechanism();
        WeakReference<SaslMechanism> trace = new WeakReference<>(leaving);
        hasty.bind(installed("PLAIN", 1, 1), leaving);
        MechanismLease kept = hasty.lease("PLAIN").orElseThrow();
        hasty.unbind(1);
        leaving = null;
        await().until(() -> {
            System.gc();
            return trace.get() == null;
        });
        assertThatIllegalStateException().isThrownBy(kept::mechanism);
        kept.close();
    }

    @Test
    void fallsBackToTheWeakerOneOfTheSameName() {
        SaslMechanism weak = mechanism();
        registry.bind(installed("PLAIN", 1, 1), weak);
        registry.bind(installed("PLAIN", 2, 2), mechanism());
        registry.unbind(2);
        assertThat(registry.lease("PLAIN").orElseThrow().mechanism()).isSameAs(weak);
        registry.unbind(99);
    }

    @Test
    void refusesAClosedLeaseAndForgivesClosingTwice() {
        registry.bind(installed("PLAIN", 1, 1), mechanism());
        MechanismLease lease = registry.lease("PLAIN").orElseThrow();
        lease.close();
        lease.close();
        assertThatIllegalStateException().isThrownBy(lease::mechanism);
        registry.unbind(1);
    }

    @Test
    void wakesWhoeverWaitsForAMechanism() throws Exception {
        long before = registry.revision();
        assertThat(registry.awaitChange(before, Duration.ofMillis(1))).isFalse();
        CompletableFuture<Optional<MechanismLease>> waiter = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                registry.awaitChange(before, Duration.ofSeconds(20));
                waiter.complete(registry.lease("PLAIN"));
            } catch (InterruptedException stopped) {
                waiter.completeExceptionally(stopped);
            }
        });
        registry.bind(installed("PLAIN", 1, 1), mechanism());
        assertThat(waiter.join()).isPresent();
    }

    @Test
    void noticesAChangeThatCameBeforeTheWait() throws Exception {
        long before = registry.revision();
        registry.bind(installed("PLAIN", 1, 1), mechanism());
        assertThat(registry.awaitChange(before, Duration.ZERO)).isTrue();
    }

    private static InstalledMechanism installed(String name, int ranking, long service) {
        return new InstalledMechanism(name, ranking, true, Set.of("password"), "test 1.0.0", service);
    }

    private static SaslMechanism mechanism() {
        return new SaslMechanism() {
            @Override
            public org.postern.spi.sasl.SaslExchange open(
                    org.postern.spi.sasl.SaslContext context, org.postern.spi.credential.Credential credential) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
