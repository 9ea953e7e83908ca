// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Provider;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.testkit.ManualClock;

@Timeout(60)
class TokenLifeTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String PLACE = "relay/refresh-token";

    private final ManualClock clock = ManualClock.at("2026-11-27T00:00:00Z");
    private final FakeStores stores = new FakeStores().put(PLACE, "refresh-0");
    private final FakeSource source = new FakeSource();
    private final List<CredentialRef> news = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TokenLife life = new TokenLife(
            account(new Grant.RefreshToken(new CredentialRef(PLACE))),
            source,
            new Surroundings(
                    stores,
                    new SecretWrapping(),
                    new TokenVersions(),
                    clock,
                    new Random(1),
                    threads,
                    Relays.none(),
                    news::add));

    @AfterEach
    void close() {
        source.gate.countDown();
        life.close();
        threads.shutdownNow();
    }

    private static Account account(Grant grant) {
        return new Account(
                "relay",
                "relay@example.test",
                "client",
                new Provider.Known(URI.create("https://id.example/token"), Optional.empty()),
                grant,
                new ClientProof.None(),
                List.of(),
                Set.of("smtp.example.test"),
                Duration.ofMinutes(5));
    }

    @Test
    @DisplayName("C2-19: all who wait are one request")
    void sendsOneRequestForAllWhoWait() throws Exception {
        source.gate = new CountDownLatch(1);
        source.grants("token-1", HOUR);
        List<Future<Lookup>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(threads.submit(life::lookup));
        }
        await().untilAtomic(source.calls, org.hamcrest.Matchers.equalTo(1));
        source.gate.countDown();
        for (Future<Lookup> answer : answers) {
            assertThat(tokenOf(answer.get())).isEqualTo("token-1");
        }
        assertThat(source.calls).hasValue(1);
    }

    @Test
    void handsOutUserTokenExpiryAndHostsAsACredential() throws Exception {
        source.grants("token-1", HOUR);
        try (BearerToken token = token()) {
            assertThat(token.user()).isEqualTo("relay@example.test");
            assertThat(token.expiry()).contains(clock.instant().plus(HOUR));
            assertThat(token.validity().since()).contains(clock.instant());
            assertThat(token.allowedHosts()).containsExactly("smtp.example.test");
            assertThat(token.version().value()).doesNotContain("token");
        }
    }

    @Test
    void givesEachAskerASecretOfItsOwn() throws Exception {
        source.grants("token-1", HOUR);
        token().close();
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        assertThat(source.calls).hasValue(1);
    }

    @Test
    void fetchesTheNextTokenBehindTheAskersBacks() throws Exception {
        source.grants("token-1", HOUR).grants("token-2", HOUR);
        CredentialVersion first = versionOf(life.lookup());
        clock.advance(HOUR.minus(Duration.ofMinutes(11)));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        assertThat(source.calls).hasValue(1);
        source.gate = new CountDownLatch(1);
        clock.advance(Duration.ofMinutes(7));
        assertThat(tokenOf(life.lookup())).as("while the request is under way").isEqualTo("token-1");
        await().untilAtomic(source.calls, org.hamcrest.Matchers.equalTo(2));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        source.gate.countDown();
        await().until(() -> tokenOf(life.lookup()).equals("token-2"));
        assertThat(versionOf(life.lookup())).isNotEqualTo(first);
        assertThat(source.calls).hasValue(2);
    }

    @Test
    void usesATokenUntilItsRealEndWhileTheProviderFails() throws Exception {
        source.grants("token-1", HOUR).fails();
        life.lookup();
        clock.advance(HOUR.minusSeconds(1));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        await().until(() -> life.status().state() instanceof TokenStatus.State.Failing);
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
    }

    @Test
    @DisplayName("C2-19: a failing provider is left alone for longer and longer")
    void leavesAFailingProviderAloneForLongerAndLonger() throws Exception {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            source.fails();
            assertThat(life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
            assertThat(source.calls).hasValue(i + 1);
            Duration pause = Duration.between(clock.instant(), failing().until());
            pauses.add(pause.toMillis());
            clock.advance(pause.minusMillis(1));
            assertThat(life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
            assertThat(source.calls).hasValue(i + 1);
            clock.advance(Duration.ofMillis(1));
        }
        assertThat(pauses.get(0)).isBetween(1000L, 1250L);
        assertThat(pauses.get(3)).isBetween(8000L, 10_000L);
        assertThat(pauses.get(11)).isBetween(300_000L, 375_000L);
    }

    @Test
    void doesAsRetryAfterSaysWithinReason() throws Exception {
        source.answers(() -> new TokenAnswer.Failed("status 429", Optional.of(Duration.ofSeconds(90))));
        life.lookup();
        assertThat(failing().until()).isEqualTo(clock.instant().plusSeconds(90));
        clock.advance(Duration.ofSeconds(90));
        source.answers(() -> new TokenAnswer.Failed("status 429", Optional.of(Duration.ofDays(900_000))));
        life.lookup();
        assertThat(failing().until()).isEqualTo(clock.instant().plus(HOUR));
    }

    @Test
    @DisplayName("C2-19: after invalid_grant nobody is asked before the refresh token changes")
    void asksARefusingProviderNoMoreBeforeTheRefreshTokenChanges() throws Exception {
        source.refuses("invalid_grant");
        assertThat(life.lookup())
                .isEqualTo(new Lookup.NoSuchCredential("account relay: id.example refuses a token: invalid_grant;"
                        + " the refresh token was revoked or has expired: run postern oauth login relay"));
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofMinutes(10));
            life.tick();
            assertThat(life.lookup()).isInstanceOf(Lookup.NoSuchCredential.class);
        }
        assertThat(source.calls).hasValue(1);
        source.grants("token-1", HOUR);
        stores.put(PLACE, "refresh-1");
        clock.advance(Duration.ofSeconds(30));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
    }

    @Test
    void asksARefusingProviderAtOnceWhenTheStoreTellsOfAnotherRefreshToken() throws Exception {
        source.refuses("invalid_grant").grants("token-1", HOUR);
        assertThat(life.lookup()).isInstanceOf(Lookup.NoSuchCredential.class);
        stores.put(PLACE, "refresh-1");
        life.secretChanged(Optional.of(new CredentialRef(PLACE)));
        await().until(() -> news.equals(List.of(new CredentialRef("relay"))));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        assertThat(source.calls).hasValue(2);
    }

    @Test
    void replacesATokenThatAPeerHasRefusedAsSoonAsThereIsAnotherRefreshToken() throws Exception {
        source.grants("token-1", HOUR).refuses("invalid_grant").grants("token-2", HOUR);
        CredentialVersion refused = versionOf(life.lookup());
        assertThat(versionOf(life.lookupAnew(refused))).isEqualTo(refused);
        stores.put(PLACE, "refresh-1");
        life.secretChanged(Optional.of(new CredentialRef(PLACE)));
        await().until(() -> news.equals(List.of(new CredentialRef("relay"))));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-2");
    }

    @Test
    void looksAtNothingWhereAnotherCredentialHasChanged() throws Exception {
        source.refuses("invalid_grant");
        assertThat(life.lookup()).isInstanceOf(Lookup.NoSuchCredential.class);
        int reads = stores.reads.get();
        life.secretChanged(Optional.of(new CredentialRef("another")));
        life.tick();
        assertThat(life.lookup()).isInstanceOf(Lookup.NoSuchCredential.class);
        assertThat(stores.reads).hasValue(reads);
        assertThat(source.calls).hasValue(1);
    }

    @Test
    void asksNoProviderWhereAStoreHasChangedAndTheSecretHasNot() throws Exception {
        source.refuses("invalid_grant");
        assertThat(life.lookup()).isInstanceOf(Lookup.NoSuchCredential.class);
        int reads = stores.reads.get();
        life.secretChanged(Optional.empty());
        await().until(() -> stores.reads.get() > reads);
        assertThat(life.lookup()).isInstanceOf(Lookup.NoSuchCredential.class);
        assertThat(source.calls).hasValue(1);
    }

    @Test
    void missesNoChangeThatComesWhileTheProviderIsAsked() throws Exception {
        source.gate = new CountDownLatch(1);
        source.refuses("invalid_grant").grants("token-1", HOUR);
        Future<Lookup> asker = threads.submit(life::lookup);
        await().untilAtomic(source.calls, org.hamcrest.Matchers.equalTo(1));
        stores.put(PLACE, "refresh-1");
        life.secretChanged(Optional.of(new CredentialRef(PLACE)));
        source.gate.countDown();
        assertThat(asker.get()).isInstanceOf(Lookup.NoSuchCredential.class);
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
    }

    @Test
    void leavesAFailingProviderAloneThoughASecretChanges() throws Exception {
        source.fails();
        assertThat(life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
        life.secretChanged(Optional.of(new CredentialRef(PLACE)));
        life.secretChanged(Optional.empty());
        assertThat(life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
        assertThat(source.calls).hasValue(1);
    }

    @Test
    void looksAtOnceIntoAVaultThatWasUnsealed() throws Exception {
        stores.sealed = Optional.of("the vault is sealed");
        assertThat(life.lookup().toString()).contains("the vault is sealed");
        stores.sealed = Optional.empty();
        source.grants("token-1", HOUR);
        life.secretChanged(Optional.empty());
        await().until(() -> news.equals(List.of(new CredentialRef("relay"))));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
    }

    @Test
    void asksARefusingProviderAgainWhenTheOperatorSaysSo() throws Exception {
        source.refuses("invalid_client").grants("token-1", HOUR);
        assertThat(life.lookup()).isInstanceOf(Lookup.NoSuchCredential.class);
        assertThat(life.status().state()).isInstanceOf(TokenStatus.State.NeedsOperator.class);
        assertThat(tokenOf(life.retry())).isEqualTo("token-1");
        assertThat(life.status().state()).isEqualTo(new TokenStatus.State.Good());
    }

    @Test
    void asksAgainByItselfForMailThatWaitsAndSaysThatThereIsAToken() throws Exception {
        source.fails().grants("token-1", HOUR);
        assertThat(life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
        life.tick();
        assertThat(source.calls).as("during the pause").hasValue(1);
        clock.advance(Duration.ofSeconds(2));
        life.tick();
        await().until(() -> news.equals(List.of(new CredentialRef("relay"))));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        life.tick();
        assertThat(source.calls).hasValue(2);
    }

    @Test
    void fetchesNothingForAnAccountThatNobodyNeeds() throws Exception {
        life.tick();
        source.grants("token-1", HOUR);
        life.lookup();
        clock.advance(Duration.ofDays(1));
        life.tick();
        assertThat(source.calls).hasValue(1);
        assertThat(life.status().state()).isEqualTo(new TokenStatus.State.NotAsked());
    }

    @Test
    void writesARotatedRefreshTokenBeforeTheTokenIsHandedOut() throws Exception {
        source.rotates("token-1", "refresh-1");
        List<Boolean> answered = new CopyOnWriteArrayList<>();
        AtomicReference<Future<Lookup>> asker = new AtomicReference<>();
        CountDownLatch asked = new CountDownLatch(1);
        stores.onUpdate.add(() -> {
            awaitQuietly(asked);
            answered.add(asker.get().isDone() || life.status().version().isPresent());
        });
        asker.set(threads.submit(life::lookup));
        asked.countDown();
        assertThat(tokenOf(asker.get().get())).isEqualTo("token-1");
        assertThat(answered).containsExactly(false);
        assertThat(stores.written).containsExactly(PLACE + "=refresh-1");
        assertThat(stores.hosts).containsExactly(Set.of("id.example"));
    }

    @Test
    void writesNothingWhereTheRefreshTokenStaysTheSame() throws Exception {
        source.rotates("token-1", "refresh-0");
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        assertThat(stores.written).isEmpty();
    }

    @Test
    void handsNothingOutAndAsksForNothingWhileARotatedRefreshTokenCannotBeWritten() throws Exception {
        stores.readOnly = Optional.of("no space left on device");
        source.rotates("token-1", "refresh-1").grants("token-2", HOUR);
        Lookup answer = life.lookup();
        assertThat(answer).isInstanceOf(Lookup.StoreUnavailable.class);
        assertThat(answer.toString()).contains("no space left on device").doesNotContain("refresh-1", "token-1");
        clock.advance(Duration.ofMinutes(1));
        assertThat(life.lookup()).isInstanceOf(Lookup.StoreUnavailable.class);
        stores.readOnly = Optional.empty();
        clock.advance(Duration.ofMinutes(10));
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        assertThat(stores.secretAt(PLACE)).isEqualTo("refresh-1");
        assertThat(source.calls).hasValue(1);
    }

    @Test
    void keepsTheRefreshTokenThatAnOperatorHasStoredMeanwhile() throws Exception {
        source.answers(() -> {
            stores.put(PLACE, "the operator's");
            return new TokenAnswer.Granted(
                    Secret.of("token-1"), Optional.of(HOUR), Optional.of(Secret.of("refresh-1")));
        });
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
        assertThat(stores.secretAt(PLACE)).isEqualTo("the operator's");
    }

    @Test
    void fetchesAnotherTokenAfterARefusalAndThenFewerAndFewer() throws Exception {
        for (int i = 1; i <= 20; i++) {
            source.grants("token-" + i, HOUR.multipliedBy(20));
        }
        CredentialVersion refused = versionOf(life.lookup());
        for (int minutes = 0; minutes < 120; minutes++) {
            refused = versionOf(life.lookupAnew(refused));
            clock.advance(Duration.ofMinutes(1));
        }
        // At once, then after 1, 2, 4, 8, 16, 32 and 60 minutes: a login breaker probes at a like pace.
        assertThat(source.calls.get()).isBetween(7, 9);
        assertThat(news).as("each would cause another login").isEmpty();
    }

    @Test
    void fetchesNoOtherTokenWhereTheRefusedOneIsGoneAlready() throws Exception {
        source.grants("token-1", HOUR).grants("token-2", HOUR);
        CredentialVersion first = versionOf(life.lookup());
        CredentialVersion second = versionOf(life.lookupAnew(first));
        assertThat(versionOf(life.lookupAnew(first))).isEqualTo(second);
        assertThat(source.calls).hasValue(2);
    }

    @Test
    void saysWhichSecretIsMissing() throws Exception {
        TokenLife without = new TokenLife(
                account(new Grant.RefreshToken(new CredentialRef("elsewhere"))),
                source,
                new Surroundings(
                        stores,
                        new SecretWrapping(),
                        new TokenVersions(),
                        clock,
                        new Random(1),
                        threads,
                        Relays.none(),
                        news::add));
        assertThat(without.lookup())
                .isEqualTo(new Lookup.NoSuchCredential(
                        "account relay: no refresh token: the vault has no entry \"elsewhere\""));
        assertThat(source.calls).hasValue(0);
    }

    @Test
    void showsNoSecretToAProviderThatItIsNotFor() throws Exception {
        stores.onlyFor = Set.of("login.example");
        assertThat(life.lookup())
                .isEqualTo(new Lookup.NoSuchCredential("account relay: no refresh token: 'relay/refresh-token' may be"
                        + " shown to login.example only, not to id.example"));
        stores.onlyFor = Set.of("id.example");
        source.grants("token-1", HOUR);
        assertThat(tokenOf(life.retry())).isEqualTo("token-1");
    }

    @Test
    void waitsForASealedVaultAndAsksNoProvider() throws Exception {
        stores.sealed = Optional.of("the vault is sealed");
        assertThat(life.lookup().toString()).contains("the vault is sealed");
        stores.sealed = Optional.empty();
        clock.advance(Duration.ofSeconds(2));
        source.grants("token-1", HOUR);
        assertThat(tokenOf(life.lookup())).isEqualTo("token-1");
    }

    @Test
    void replacesAShortTokenAfterTwoThirdsOfItsLifeAtTheEarliestAThird() throws Exception {
        source.grants("token-1", Duration.ofSeconds(60));
        life.lookup();
        Instant refresh = life.status().refresh().orElseThrow();
        assertThat(Duration.between(clock.instant(), refresh).toSeconds()).isBetween(20L, 40L);
    }

    @Test
    void knowsNoEndWhereTheProviderStatesNone() throws Exception {
        source.answers(() -> new TokenAnswer.Granted(Secret.of("token-1"), Optional.empty(), Optional.empty()));
        try (BearerToken token = token()) {
            assertThat(token.expiry()).isEmpty();
        }
        assertThat(life.status().refresh().orElseThrow())
                .isBefore(clock.instant().plus(Duration.ofMinutes(30)));
    }

    @Test
    void usesNoTokenForLongerThanADay() throws Exception {
        source.grants("token-1", Duration.ofDays(365));
        try (BearerToken token = token()) {
            assertThat(token.expiry()).contains(clock.instant().plus(Duration.ofDays(1)));
        }
    }

    @Test
    void letsAnInterruptedAskerGoWithoutHarmToTheOthers() throws Exception {
        source.gate = new CountDownLatch(1);
        source.grants("token-1", HOUR);
        Future<Lookup> impatient = threads.submit(life::lookup);
        Future<Lookup> patient = threads.submit(life::lookup);
        await().untilAtomic(source.calls, org.hamcrest.Matchers.equalTo(1));
        impatient.cancel(true);
        source.gate.countDown();
        assertThat(tokenOf(patient.get())).isEqualTo("token-1");
    }

    @Test
    void survivesASourceThatThrows() throws Exception {
        source.answers(() -> {
            throw new IllegalStateException("with a secret in its text");
        });
        Lookup answer = life.lookup();
        assertThat(answer).isInstanceOf(Lookup.StoreUnavailable.class);
        assertThat(answer.toString()).doesNotContain("secret");
    }

    @Test
    void handsNothingOutOnceItIsClosed() throws Exception {
        source.grants("token-1", HOUR);
        life.lookup();
        life.close();
        assertThat(life.lookup()).isEqualTo(new Lookup.StoreUnavailable("account relay is being replaced"));
    }

    private TokenStatus.State.Failing failing() {
        return (TokenStatus.State.Failing) life.status().state();
    }

    private BearerToken token() throws InterruptedException {
        return (BearerToken) ((Lookup.Found) life.lookup()).credential();
    }

    private static String tokenOf(Lookup answer) {
        assertThat(answer).isInstanceOf(Lookup.Found.class);
        try (BearerToken token = (BearerToken) ((Lookup.Found) answer).credential()) {
            return token.token().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
        }
    }

    private static CredentialVersion versionOf(Lookup answer) {
        try (BearerToken token = (BearerToken) ((Lookup.Found) answer).credential()) {
            return token.version();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
