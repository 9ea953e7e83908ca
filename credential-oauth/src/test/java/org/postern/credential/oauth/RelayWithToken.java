// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Provider;
import org.postern.credential.oauth.protocol.HttpTransport;
import org.postern.credential.oauth.protocol.RequestPace;
import org.postern.credential.oauth.protocol.TokenRequests;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.SecretWrapping;
import org.postern.testkit.ManualClock;

/** One of several relays: an account with its vault, and the registers that it shares with the others. */
final class RelayWithToken implements AutoCloseable {

    static final String PLACE = "relay/refresh-token";

    final FakeStores vault = new FakeStores();
    final TokenLife life;

    /** How often it began to wait for another relay. */
    final AtomicInteger waits = new AtomicInteger();

    /** Each lets it look once more. */
    final Semaphore turns = new Semaphore(0);

    private final ManualClock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpTransport transport = new HttpTransport(threads, Duration.ofSeconds(50));

    RelayWithToken(RotatingProvider provider, SharedRegisters registers, ManualClock clock) {
        this.clock = clock;
        this.life = new TokenLife(
                account(provider),
                new TokenRequests(transport, new RequestPace(System::nanoTime), clock),
                new Surroundings(
                        vault,
                        new SecretWrapping(),
                        new TokenVersions(),
                        clock,
                        new Random(1),
                        threads,
                        new Relays(() -> Optional.of(registers), time -> {
                            waits.incrementAndGet();
                            turns.acquire();
                        }),
                        ref -> {}));
    }

    static Account account(RotatingProvider provider) {
        return new Account(
                "relay",
                "relay@example.test",
                "client",
                new Provider.Known(provider.endpoint(), Optional.empty()),
                new Grant.RefreshToken(new CredentialRef(PLACE)),
                new ClientProof.None(),
                List.of(),
                Set.of("smtp.example.test"),
                Duration.ofMinutes(5));
    }

    /** Has this refresh token in its vault from now on. */
    RelayWithToken with(String refreshToken) {
        vault.put(PLACE, refreshToken);
        return this;
    }

    String kept() {
        return vault.secretAt(PLACE);
    }

    String token() throws InterruptedException {
        return textOf(life.lookup());
    }

    static String textOf(Lookup answer) {
        assertThat(answer).isInstanceOf(Lookup.Found.class);
        try (BearerToken token = (BearerToken) ((Lookup.Found) answer).credential()) {
            return token.token().reveal(octets -> new String(octets, StandardCharsets.US_ASCII));
        }
    }

    CredentialVersion version() throws InterruptedException {
        try (BearerToken token = (BearerToken) ((Lookup.Found) life.lookup()).credential()) {
            return token.version();
        }
    }

    /** How long its token is still good for. */
    Duration left() {
        return Duration.between(clock.instant(), life.status().expiry().orElseThrow());
    }

    /** Ends as a process does that is told to: what is under way is interrupted. */
    @Override
    public void close() {
        life.close();
        transport.close();
        threads.shutdownNow();
    }
}
