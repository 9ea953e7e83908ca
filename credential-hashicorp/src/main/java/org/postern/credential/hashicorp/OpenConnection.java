// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.postern.credential.hashicorp.protocol.HttpTransport;
import org.postern.credential.hashicorp.protocol.SecretReader;
import org.postern.credential.hashicorp.protocol.TokenHolder;
import org.postern.credential.hashicorp.protocol.VaultServer;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.SecretWrapping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that can be asked, with the token that was got from it and the secrets that have been asked for. */
final class OpenConnection {

    /** How often it is looked whether something is due. */
    static final Duration TICK = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(OpenConnection.class);

    private final Connection described;
    private final HashicorpStore.Announcements news;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("postern-hashicorp-", 0).factory());
    private final RequestPace pace = new RequestPace(System::nanoTime);
    private final HttpTransport transport;
    private final VaultServer server;
    private final TokenHolder tokens;
    private final KnownSecrets secrets;
    private final VersionNames versions = new VersionNames(Fingerprint.OF_THIS_BUNDLE);
    private final CountDownLatch closing = new CountDownLatch(1);

    OpenConnection(
            Connection described,
            InstantSource clock,
            RandomGenerator random,
            HashicorpStore.Announcements news,
            Optional<Duration> tick) {
        this.described = described;
        this.news = news;
        SecretWrapping wrapping = new SecretWrapping();
        this.transport = new HttpTransport(described.tls(), described.namespace(), described.timeout(), threads);
        this.server = new VaultServer(described.addresses(), transport, clock, random);
        this.tokens = new TokenHolder(described.login(), server, wrapping, clock, random, threads);
        SecretReader reader = new SecretReader(server, tokens, described.versioned(), wrapping, clock);
        this.secrets = new KnownSecrets(new Surroundings(
                reader, described.pollInterval(), clock, random, threads, this::inTurn, news::changed));
        tick.ifPresent(interval -> threads.execute(() -> watch(interval)));
    }

    Connection described() {
        return described;
    }

    Lookup lookup(CredentialRef ref) throws InterruptedException {
        return switch (described.path().of(ref)) {
            case SecretPath.Place.None none -> new Lookup.NoSuchCredential(none.reason());
            case SecretPath.Place.Found place ->
                credential(place, secrets.at(place.path()).read(ref));
        };
    }

    Lookup lookupAnew(CredentialRef ref, CredentialVersion refused) throws InterruptedException {
        return switch (described.path().of(ref)) {
            case SecretPath.Place.None none -> new Lookup.NoSuchCredential(none.reason());
            case SecretPath.Place.Found place -> anew(place, ref, refused);
        };
    }

    private Lookup anew(SecretPath.Place.Found place, CredentialRef ref, CredentialVersion refused)
            throws InterruptedException {
        SecretLife secret = secrets.at(place.path());
        Lookup present = credential(place, secret.read(ref));
        if (present instanceof Lookup.Found found
                && found.credential().version().equals(refused)) {
            found.close();
            return credential(place, secret.readAnew(ref));
        }
        return present;
    }

    private Lookup credential(SecretPath.Place.Found place, SecretLife.Reading reading) {
        return switch (reading.answer()) {
            case SecretAnswer.Present present ->
                described.layout().read(place, present.fields(), versions, reading.end());
            case SecretAnswer.Absent absent -> new Lookup.NoSuchCredential(absent.reason());
            case SecretAnswer.Denied denied -> new Lookup.StoreUnavailable(denied.reason());
            case SecretAnswer.Failed failed -> new Lookup.StoreUnavailable(failed.reason());
            case SecretAnswer.Unavailable down -> new Lookup.StoreUnavailable(down.reason());
        };
    }

    /** What nobody waits for keeps a pace: a thousand secrets that are due at once are no attack on the server. */
    private void inTurn(Runnable work) {
        threads.execute(() -> {
            try {
                pace.await();
                work.run();
            } catch (InterruptedException leaving) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Does what is due, on other threads. */
    void tick() {
        tokens.tick();
        secrets.tick();
        if (server.isResting()) {
            threads.execute(this::probe);
        }
    }

    private void probe() {
        try {
            if (server.probe()) {
                news.reopened();
            }
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(Duration interval) {
        try {
            while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                tick();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws InterruptedException {
        closing.countDown();
        pace.close();
        secrets.close();
        tokens.close();
        transport.close();
        threads.shutdownNow();
        if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.warn("a request to the server did not end in time");
        }
    }
}
