// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.hashicorp.StandInVault.Answer;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.testkit.ThreadLeak;

/** The rows of the catalogue of faults of credential back ends (C2) that are a server's. */
class BackendFaultsTest {

    private static final String READ = "GET secret/data/relay";
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private Fixture ready() throws Exception {
        Fixture fixture = Fixture.withToken(folder);
        fixture.vault.put("relay", Map.of("user", "alice", "password", "first"));
        return fixture;
    }

    private Fixture readyWithAppRole() throws Exception {
        Fixture fixture = Fixture.withAppRole(folder);
        fixture.vault.put("relay", Map.of("user", "alice", "password", "first"));
        return fixture;
    }

    @Test
    void c2_01_aSealedServerIsAskedForItsHealthOnlyAndWaitingMailIsTriedOnceItIsUnsealed() throws Exception {
        try (Fixture fixture = ready()) {
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.vault.sealed = true;
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: http://localhost:")
                    .contains("is sealed or in maintenance (503); asked again at 2026-03-01T12:00:01");
            long before = fixture.vault.requestsOf(READ);
            assertThat(fixture.answer("another")).startsWith("unavailable: ").contains("(503)");
            fixture.pass(Duration.ofMinutes(10), SECOND);
            assertThat(fixture.vault.requestsOf(READ)).isEqualTo(before);
            assertThat(fixture.news).isEmpty();

            fixture.vault.sealed = false;
            // A probe may be out that began before; so one pause, and the one that it makes.
            fixture.eventually(() -> {
                fixture.pass(SECOND, SECOND);
                assertThat(fixture.news).first().isEqualTo("store hashicorp");
            });
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "472, standby for disaster recovery",
        "473, standby that does not pass requests on",
        "501, not initialised",
        "502, nothing behind it",
        "503, sealed",
        "504, nothing behind it"
    })
    void c2_01_aServerThatCannotServeMakesNoSecretAbsent(int status, String words) throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.fault = request -> Optional.of(Answer.error(status, "no"));
            assertThat(fixture.answer("relay")).startsWith("unavailable: ").contains(words);
        }
    }

    @Test
    void c2_01_theNextAddressIsAskedWhereOneCannotServe() throws Exception {
        try (Fixture fixture = ready();
                StandInVault standby = StandInVault.plain(fixture.clock)) {
            standby.fault = request -> Optional.of(Answer.error(473));
            fixture.set(
                    "Address", new String[] {"http://localhost:1", standby.address(), fixture.vault.address() + "/"});
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            int askedOfTheStandby = standby.requests().size();
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            assertThat(standby.requests()).hasSize(askedOfTheStandby);
        }
    }

    @Test
    void c2_01_aServerThatIsNotThereIsNamed() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.set("Address", "http://localhost:1");
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: http://localhost:1 refuses connections, or is no such host");
        }
    }

    @Test
    void c2_02_aRevokedTokenCostsOneLoginAndNothingElse() throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.vault.revokeAllTokens();
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            assertThat(fixture.vault.requestsOf("POST auth/approle/login")).isEqualTo(2);
        }
    }

    @Test
    void c2_02_aDeniedSecretIsNotHammeredAndTheReasonNamesItsPath() throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            fixture.vault.put("other", Map.of("user", "bob", "password", "second"));
            assertThat(fixture.answer("other")).isEqualTo("bob:second");
            fixture.vault.deny("secret/data/relay");
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: the server denies \"secret/data/relay\" (403)")
                    .contains("policies")
                    .doesNotContain("hvs.");
            assertThat(fixture.vault.requestsOf("POST auth/approle/login")).isEqualTo(2);
            assertThat(fixture.vault.requestsOf(READ)).isEqualTo(2);

            for (int second = 0; second < 3600; second++) {
                fixture.clock.advance(SECOND);
                assertThat(fixture.answer("relay")).startsWith("unavailable: the server denies");
            }
            // 1, 2, 4 … 256 s and then every 300 s; two reads where a login came between.
            assertThat(fixture.vault.requestsOf(READ)).isBetween(15L, 50L);
            assertThat(fixture.vault.requestsOf("POST auth/approle/login")).isBetween(10L, 25L);
            assertThat(fixture.answer("other")).isEqualTo("bob:second");
        }
    }

    @Test
    void c2_02_aSecretThatIsGrantedAgainIsReadInTheBackgroundAndAnnounced() throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            fixture.vault.deny("secret/data/relay");
            assertThat(fixture.answer("relay")).startsWith("unavailable: ");
            fixture.vault.allow("secret/data/relay");
            fixture.pass(Duration.ofSeconds(3), SECOND);
            fixture.eventually(() -> assertThat(fixture.news).containsExactly("relay"));
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @Test
    void c2_03_aSecretThatIsNotThereIsNamedWithItsEngine() throws Exception {
        try (Fixture fixture = ready()) {
            assertThat(fixture.answer("nowhere"))
                    .isEqualTo("none: the server has no secret \"secret/nowhere\" (KV version 2 at \"secret\")");
        }
    }

    @Test
    void c2_03_aFieldThatIsNotThereIsNamedBesideThoseThatAre() throws Exception {
        try (Fixture fixture = ready()) {
            assertThat(fixture.answer("relay#smtp_password"))
                    .isEqualTo("none: secret \"secret/relay\" has no field 'smtp_password'; it has password, user");
        }
    }

    @Test
    void c2_03_aDeletedVersionIsNamedWithItsNumber() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.delete("relay");
            assertThat(fixture.answer("relay"))
                    .startsWith("none: version 1 of \"secret/relay\" was deleted on 2026-03-01T12:00:00Z");
        }
    }

    @Test
    void c2_03_theWrongVersionOfTheEngineIsSaid() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.set("KV_Version", "1");
            assertThat(fixture.answer("relay"))
                    .isEqualTo("none: \"secret/relay\" is in an engine of KV version 2, and KV_Version says 1");
        }
        try (Fixture fixture = ready()) {
            fixture.vault.putFirst("relay", Map.of("password", "x"));
            fixture.set("KV_Version", "2").set("Path", "old/{key}");
            assertThat(fixture.answer("relay")).startsWith("none: ").contains("old/relay");
        }
    }

    @Test
    void c2_03_anEngineOfAnyVersionIsFoundOutByAsking() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.putFirst("relay", Map.of("username", "bob", "password", "kept"));
            fixture.set("Path", "{key}");
            assertThat(fixture.answer("old/relay")).isEqualTo("bob:kept");
            assertThat(fixture.answer("secret/relay")).isEqualTo("alice:first");
            assertThat(fixture.answer("nothing/relay"))
                    .startsWith("unavailable: the server does not say in which engine \"nothing/relay\" is (403)");
        }
    }

    @Test
    void c2_04_tenThousandWhoAskAServerThatIsAskedTooOftenAreOneRequest() throws Exception {
        try (Fixture fixture = ready()) {
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.vault.fault = request ->
                    Optional.of(Answer.error(429, "too many requests").with("Retry-After", "120"));
            int before = fixture.vault.requests().size();
            try (ExecutorService messages = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<String>> answers = new ArrayList<>();
                for (int message = 0; message < 10_000; message++) {
                    answers.add(messages.submit(() -> fixture.answer("relay")));
                }
                for (Future<String> answer : answers) {
                    assertThat(answer.get()).contains("(429)").contains("asked again at 2026-03-01T12:02:00Z");
                }
            }
            fixture.pass(Duration.ofSeconds(119), SECOND);
            assertThat(fixture.vault.requests()).hasSize(before + 1);

            fixture.vault.fault = request -> Optional.empty();
            fixture.pass(Duration.ofSeconds(2), SECOND);
            fixture.eventually(() -> assertThat(fixture.news).contains("store hashicorp"));
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            90,                             2026-03-01T12:01:30Z
            ' 90 ',                         2026-03-01T12:01:30Z
            999999999,                      2026-03-01T13:00:00Z
            -5,                             2026-03-01T12:00:01
            99999999999999999999,           2026-03-01T12:00:01
            soon,                           2026-03-01T12:00:01
            'Sun, 01 Mar 2026 12:05:00 GMT', 2026-03-01T12:05:00Z
            'Sun, 01 Mar 2026 11:00:00 GMT', 2026-03-01T12:00:01
            """)
    void c2_04_retryAfterIsSecondsOrADateAndNeverMoreThanAnHour(String value, String until) throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.fault = request -> Optional.of(Answer.error(429).with("Retry-After", value));
            assertThat(fixture.answer("relay")).contains("asked again at " + until);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void c2_05_noLookupFailsWhileTokensOfTwoSecondsComeAndGoForTenMinutes(boolean renewable) throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            fixture.vault.life = Duration.ofSeconds(2);
            fixture.vault.mostLife = Duration.ofSeconds(7);
            fixture.vault.renewable = renewable;
            Duration step = Duration.ofMillis(200);
            for (int i = 0; i < 3000; i++) {
                fixture.pass(step, step);
                assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            }
            assertThat(fixture.vault.requestsOf("POST auth/approle/login")).isGreaterThan(60);
            if (renewable) {
                assertThat(fixture.vault.requestsOf("POST auth/token/renew-self"))
                        .isGreaterThan(60);
            }
        }
    }

    @Test
    void c2_05_aTokenIsRenewedAtTwoThirdsOfItsLife() throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            fixture.set("Poll_Interval", "86400");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.pass(Duration.ofMinutes(35), Duration.ofMinutes(1));
            assertThat(fixture.vault.requestsOf("POST auth/token/renew-self")).isZero();
            fixture.pass(Duration.ofMinutes(6), Duration.ofMinutes(1));
            fixture.eventually(() -> assertThat(fixture.vault.requestsOf("POST auth/token/renew-self"))
                    .isEqualTo(1));
            assertThat(fixture.vault.requestsOf("POST auth/approle/login")).isEqualTo(1);
        }
    }

    @Test
    void c2_05_aTokenThatNobodyCanReplaceIsUsedUntilItsEnd() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.renewable = false;
            fixture.environment.put("TOKEN", fixture.vault.newToken());
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.pass(Duration.ofMinutes(59), Duration.ofSeconds(10));
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.pass(Duration.ofMinutes(2), Duration.ofSeconds(10));
            assertThat(fixture.answer("relay")).startsWith("unavailable: ");
            fixture.environment.put("TOKEN", fixture.vault.newToken());
            fixture.pass(Duration.ofMinutes(6), Duration.ofSeconds(10));
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @Test
    void c2_06_aLeasedAccountIsKeptRenewedAndReplacedBeforeItsEnd() throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            fixture.set("Path", "{key}");
            fixture.vault.mostLife = Duration.ofHours(3);
            String first = fixture.answer("database/creds/relay");
            assertThat(first).startsWith("v-1:generated-");
            String version = fixture.version("database/creds/relay");
            assertThat(fixture.answer("database/creds/relay")).isEqualTo(first);
            assertThat(fixture.vault.leases()).isEqualTo(1);

            for (int minute = 0; minute < 175 && fixture.news.isEmpty(); minute++) {
                fixture.pass(Duration.ofMinutes(1), Duration.ofSeconds(20));
                int passed = minute;
                fixture.eventually(() -> assertThat(fixture.answer("database/creds/relay"))
                        .as("minute %s", passed)
                        .startsWith("v-"));
            }
            assertThat(fixture.vault.requestsOf("POST sys/leases/renew")).isGreaterThanOrEqualTo(2);
            fixture.eventually(() -> assertThat(fixture.news).containsExactly("database/creds/relay"));
            assertThat(fixture.answer("database/creds/relay")).startsWith("v-2:generated-");
            assertThat(fixture.version("database/creds/relay")).isNotEqualTo(version);
        }
    }

    @Test
    void c2_06_theEndOfALeaseIsToldWithTheCredential() throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            fixture.set("Path", "{key}");
            Lookup.Found found = (Lookup.Found) fixture.lookup("database/creds/relay");
            try (PasswordCredential account = (PasswordCredential) found.credential()) {
                assertThat(account.validity().expiry())
                        .contains(fixture.clock.instant().plus(Duration.ofHours(1)));
            }
        }
    }

    @Test
    void c2_06_aRefusedLeasedAccountIsReplacedButNotAtAnyPrice() throws Exception {
        try (Fixture fixture = readyWithAppRole()) {
            fixture.set("Path", "{key}");
            CredentialRef ref = new CredentialRef("database/creds/relay");
            for (int i = 0; i < 50; i++) {
                CredentialVersion refused = new CredentialVersion(fixture.version(ref.key()));
                Lookup.Found another = (Lookup.Found) fixture.store().lookupAnew(ref, refused);
                another.close();
            }
            assertThat(fixture.vault.leases()).isEqualTo(2);
        }
    }

    @Test
    void c2_07_aRefusedVersionIsAskedForAnewAndTheSameComesBackIfThereIsNoOther() throws Exception {
        try (Fixture fixture = ready()) {
            CredentialVersion refused = new CredentialVersion(fixture.version("relay"));
            CredentialRef ref = new CredentialRef("relay");
            Lookup.Found same = (Lookup.Found) fixture.store().lookupAnew(ref, refused);
            assertThat(same.credential().version()).isEqualTo(refused);
            same.close();
            fixture.vault.put("relay", Map.of("user", "alice", "password", "second"));
            assertThat(Fixture.shown(fixture.store().lookupAnew(ref, refused))).isEqualTo("alice:second");
        }
    }

    @Test
    void c2_07_aRotationIsNoticedWithinOnePoll() throws Exception {
        try (Fixture fixture = ready()) {
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.pass(Duration.ofMinutes(2), SECOND);
            assertThat(fixture.news).isEmpty();
            long reads = fixture.vault.requestsOf(READ);
            fixture.vault.put("relay", Map.of("user", "alice", "password", "second"));
            fixture.pass(Duration.ofSeconds(31), SECOND);
            fixture.eventually(() -> assertThat(fixture.news).containsExactly("relay"));
            assertThat(fixture.vault.requestsOf(READ))
                    .as("looked at by its metadata")
                    .isEqualTo(reads);
        }
    }

    @Test
    void c2_07_aRotationIsNoticedWhereOnlyReadingTells() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.deny("secret/metadata/relay");
            fixture.vault.putFirst("relay", Map.of("user", "bob", "password", "first"));
            fixture.set("Path", "{key}");
            fixture.answer("secret/relay");
            fixture.answer("old/relay");
            fixture.vault.put("relay", Map.of("user", "alice", "password", "second"));
            fixture.vault.putFirst("relay", Map.of("user", "bob", "password", "second"));
            fixture.pass(Duration.ofSeconds(31), SECOND);
            fixture.eventually(() -> assertThat(fixture.news).containsExactlyInAnyOrder("secret/relay", "old/relay"));
        }
    }

    @Test
    void c2_07_aSecretThatAppearsOrIsDeletedIsNoticed() throws Exception {
        try (Fixture fixture = ready()) {
            assertThat(fixture.answer("later")).startsWith("none: ");
            fixture.vault.put("later", Map.of("user", "carol", "password", "x"));
            fixture.pass(Duration.ofSeconds(31), SECOND);
            fixture.eventually(() -> assertThat(fixture.news).containsExactly("later"));
            assertThat(fixture.answer("later")).isEqualTo("carol:x");
            fixture.vault.delete("later");
            fixture.pass(Duration.ofSeconds(31), SECOND);
            fixture.eventually(() -> assertThat(fixture.news).containsExactly("later", "later"));
        }
    }

    @Test
    void c2_08_theComingPasswordIsOfferedBesideThePresentOneAndKeepsItsVersionWhenItBecomesThat() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.put("relay", Map.of("user", "alice", "password", "first", "next_password", "second"));
            Lookup.Found both = (Lookup.Found) fixture.lookup("relay");
            PasswordCredential next = (PasswordCredential) both.next().orElseThrow();
            assertThat(next.user()).isEqualTo("alice");
            assertThat(text(next)).isEqualTo("second");
            assertThat(next.version()).isNotEqualTo(both.credential().version());
            both.close();

            fixture.vault.put("relay", Map.of("user", "alice", "password", "second"));
            Lookup.Found promoted = (Lookup.Found) fixture.lookup("relay");
            assertThat(promoted.credential().version()).isEqualTo(next.version());
            assertThat(promoted.next()).isEmpty();
            promoted.close();
        }
    }

    @Test
    void c2_08_theComingPasswordMayBeOfAnotherUser() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.put(
                    "relay",
                    Map.of("user", "blue", "password", "first", "next_user", "green", "next_password", "second"));
            Lookup.Found both = (Lookup.Found) fixture.lookup("relay");
            assertThat(both.credential().user()).isEqualTo("blue");
            assertThat(both.next().orElseThrow().user()).isEqualTo("green");
            both.close();
        }
    }

    @Test
    void c2_08_theVersionBeforeTheCurrentOneIsNeverOffered() throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.put("relay", Map.of("user", "alice", "password", "second"));
            Lookup.Found found = (Lookup.Found) fixture.lookup("relay");
            assertThat(found.next()).isEmpty();
            found.close();
            assertThat(fixture.vault.requestsOf(READ)).isEqualTo(1);
        }
    }

    @Test
    void c2_09_aServerThatGivesNoAnswerIsWaitedForNoLongerThanItsTimeAndOtherSecretsAreNotDisturbed() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Fixture fixture = ready()) {
            fixture.set("Request_Timeout", "1");
            fixture.vault.put("quick", Map.of("user", "bob", "password", "x"));
            assertThat(fixture.answer("quick")).isEqualTo("bob:x");
            fixture.vault.fault = request -> {
                if (request.equals(READ)) {
                    awaited(end);
                }
                return Optional.empty();
            };
            try (ExecutorService messages = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> slow = messages.submit(() -> fixture.answer("relay"));
                assertThat(fixture.answer("quick")).isEqualTo("bob:x");
                assertThat(slow.get()).startsWith("unavailable: ").contains("gave no answer within 1 s; read again at");
                assertThat(fixture.answer("quick")).isEqualTo("bob:x");
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void c2_09_whoIsInterruptedLeavesAtOnce() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (Fixture fixture = ready()) {
            fixture.vault.fault = request -> {
                asked.countDown();
                awaited(end);
                return Optional.empty();
            };
            try (ExecutorService messages = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> waiting = messages.submit(() -> {
                    assertThatThrownBy(() -> fixture.answer("relay")).isInstanceOf(InterruptedException.class);
                    return "left";
                });
                asked.await();
                messages.shutdownNow();
                assertThat(waiting.get()).isEqualTo("left");
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void c2_10_aLookupThatIsOutWhenTheBundleStopsIsAnsweredAndNoThreadStays() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (Fixture fixture = ready()) {
            fixture.vault.fault = request -> {
                asked.countDown();
                awaited(end);
                return Optional.empty();
            };
            try (ExecutorService messages = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> waiting = messages.submit(() -> fixture.answer("relay"));
                asked.await();
                fixture.store().close();
                assertThat(waiting.get()).isEqualTo("unavailable: is being replaced");
                assertThat(fixture.answer("relay")).isEqualTo("unavailable: is being replaced");
                ThreadLeak.assertNone("postern-hashicorp");
            } finally {
                end.countDown();
            }
        }
    }

    static List<Map<String, JsonElement>> unfitPasswords() {
        return List.of(
                Map.of("password", new JsonPrimitive("")),
                Map.of("password", new JsonPrimitive("with\0nul")),
                Map.of("password", new JsonPrimitive("with\r\nline")),
                Map.of("password", new JsonPrimitive("from a file\n")),
                Map.of("password", new JsonPrimitive("x".repeat(70_000))),
                Map.of("password", new JsonPrimitive(1234)),
                Map.of("password", new JsonPrimitive(true)),
                Map.of("password", JsonNull.INSTANCE),
                Map.of("password", new JsonArray()),
                Map.of("user", new JsonPrimitive("a\0b"), "password", new JsonPrimitive("good")),
                Map.of("user", new JsonPrimitive(7), "password", new JsonPrimitive("good")),
                Map.of("hosts", new JsonArray(), "password", new JsonPrimitive("good")),
                Map.of("next_password", new JsonPrimitive(""), "password", new JsonPrimitive("good")),
                Map.of("something", new JsonPrimitive("else")),
                Map.of());
    }

    @ParameterizedTest
    @MethodSource("unfitPasswords")
    void c2_13_aSecretThatCannotBeSentIsNeverHandedOut(Map<String, JsonElement> fields) throws Exception {
        try (Fixture fixture = ready()) {
            fixture.vault.putJson("relay", fields);
            assertThat(fixture.answer("relay"))
                    .startsWith("none: secret \"secret/relay\" has ")
                    .doesNotContain("\n", "\r", "\0");
        }
    }

    static List<byte[]> unreadableAnswers() {
        byte[] enormous = ("{\"data\":{\"data\":{\"password\":\"" + "x".repeat(10 * 1024 * 1024) + "\"}}}")
                .getBytes(StandardCharsets.US_ASCII);
        return List.of(
                "<html><body>Sign in</body></html>".getBytes(StandardCharsets.US_ASCII),
                "{\"data\":{\"data\":{\"password\":\"half".getBytes(StandardCharsets.US_ASCII),
                "{\"data\":{\"data\":{\"password\":\"\u00ff\"}}}".getBytes(StandardCharsets.ISO_8859_1),
                "{\"data\":{\"data\":{\"password\":\"one\",\"password\":\"two\"}}}".getBytes(StandardCharsets.US_ASCII),
                "{} {}".getBytes(StandardCharsets.US_ASCII),
                "[]".getBytes(StandardCharsets.US_ASCII),
                "\"text\"".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0},
                ("[".repeat(100_000)).getBytes(StandardCharsets.US_ASCII),
                ("{\"a\":".repeat(10_000)).getBytes(StandardCharsets.US_ASCII),
                enormous);
    }

    @ParameterizedTest
    @MethodSource("unreadableAnswers")
    void c2_13_anAnswerThatIsNoneIsNoWordAboutTheSecret(byte[] body) throws Exception {
        for (int status : new int[] {200, 403, 404}) {
            try (Fixture fixture = ready()) {
                assertThat(fixture.answer("relay")).isEqualTo("alice:first");
                fixture.vault.fault =
                        request -> Optional.of(new Answer(status, Map.of("Content-Type", "text/html"), body));
                assertThat(fixture.answer("relay"))
                        .startsWith("unavailable: http://localhost:")
                        .doesNotContain("half", "Sign in", "xxx", "two");
                fixture.vault.fault = request -> Optional.empty();
                fixture.clock.advance(Duration.ofSeconds(2));
                assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            }
        }
    }

    @Test
    void c2_15_aServerThatHangsDoesNotKeepTheBundleFromStopping() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(20);
        try (Fixture fixture = ready()) {
            fixture.set("Request_Timeout", "60");
            fixture.vault.fault = request -> {
                asked.countDown();
                if (request.startsWith("GET secret/data/")) {
                    awaited(end);
                }
                return Optional.empty();
            };
            try (ExecutorService messages = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 20; i++) {
                    String key = "relay-" + i;
                    messages.submit(() -> fixture.answer(key));
                }
                asked.await();
                fixture.store().close();
                ThreadLeak.assertNone("postern-hashicorp");
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void c2_20_aThousandLeasesThatBeganTogetherAreNotRenewedTogether() {
        Instant asked = Instant.parse("2026-03-01T12:00:00Z");
        SecretAnswer.Lease lease = new SecretAnswer.Lease("database/creds/relay/1", Duration.ofHours(1), true);
        SecretAnswer.Present answer = new SecretAnswer.Present(
                new SecretFields(Map.of(), Set.of(), SecretFields.Origin.UNKNOWN), Optional.of(lease));
        Random random = new Random(20);
        Map<Long, Long> dueInMinute = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            Instant due = HeldLease.of(answer, lease, asked, random).due();
            dueInMinute.merge(Duration.between(asked, due).toMinutes(), 1L, Long::sum);
        }
        assertThat(dueInMinute.keySet()).allMatch(minute -> minute >= 30 && minute <= 40);
        assertThat(dueInMinute.values()).as("renewals in a minute").allMatch(count -> count < 150);
    }

    @Test
    void c2_20_whatNobodyWaitsForBeginsTwentyTimesASecondAtMost() {
        long[] now = {0};
        try (RequestPace pace = new RequestPace(() -> now[0])) {
            long last = 0;
            for (int i = 0; i < 1000; i++) {
                last = pace.takeTurn();
            }
            assertThat(Duration.ofNanos(last)).isEqualTo(Duration.ofMillis(999 * 50));
            now[0] = Duration.ofMinutes(5).toNanos();
            assertThat(pace.takeTurn()).as("a pause is not saved up").isZero();
            assertThat(pace.takeTurn()).isEqualTo(Duration.ofMillis(50).toNanos());
        }
    }

    private static String text(PasswordCredential credential) {
        return credential.password().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        }
    }
}
