// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.Relays;
import org.postern.core.smtp.Protocol;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.TlsPolicy.Level;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;

/** What the pool does for each message, beside idle sessions of other accounts. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class PoolBenchmark {

    private static final TlsPolicy TLS =
            new TlsPolicy(Level.REQUIRED, Verification.HOST, Optional.of(Path.of("/ca.pem")), TlsPolicy.Fallback.NONE);
    private static final Opener OPENER = new Opener(Binding.DEFAULT, RoutingDomain.of("a.example"));
    private static final SessionLimit SERVER = new SessionLimit("server", 1_000_000);
    private static final SessionLimit ALL_AT_WORK = new SessionLimit("all at work", 1);

    /** Accounts with an idle session each. */
    @Param({"1", "100", "10000"})
    public int accounts;

    // No time passes, so that no session is ever asked whether it is still there.
    private final SessionPool pool = new SessionPool(
            Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC),
            Cluster.alone(),
            new Relays(Cluster.alone()));
    private List<SessionKey> keys;
    private int next;

    /** Fills the pool. */
    @Setup
    public void fill() {
        keys = IntStream.range(0, accounts).mapToObj(PoolBenchmark::key).toList();
        for (SessionKey key : keys) {
            pool.giveBack(adopt(key, new SessionLimit(key.identity().orElseThrow(), 2)), 1);
        }
        adopt(key(accounts), ALL_AT_WORK);
    }

    private PooledSession adopt(SessionKey key, SessionLimit own) {
        Place place = pool.reserve(List.of(SERVER, own)).orElseThrow();
        SessionLife life = new SessionLife(Duration.ofHours(1), 0, 0);
        return pool.adopt(key, OPENER, null, Optional.of("PLAIN"), life, place);
    }

    private static SessionKey key(int account) {
        AuthIdentity identity = new AuthIdentity(
                "user" + account, Optional.empty(), "vault:user" + account, new CredentialVersion("1"));
        return new SessionKey(
                "mx.example.test",
                587,
                false,
                Optional.empty(),
                "client.example.test",
                TLS,
                Protocol.ESMTP,
                Optional.of(identity),
                Optional.empty(),
                Optional.empty());
    }

    /** A session of one account after the other, as messages take them. */
    @Benchmark
    public Lease lease() {
        next = next + 1 < accounts ? next + 1 : 0;
        Lease lease = pool.lease(keys.get(next));
        if (lease instanceof Lease.Reused reused) {
            pool.giveBack(reused.session(), 1);
        }
        return lease;
    }

    /** No room: the only session under a limit is at work. */
    @Benchmark
    public Optional<Place> noRoom() {
        return pool.reserve(List.of(SERVER, ALL_AT_WORK));
    }

    /** What is asked for an account that has mail waiting for its turn. */
    @Benchmark
    public SessionPool.Usage usage() {
        return pool.usage(ALL_AT_WORK.key());
    }
}
