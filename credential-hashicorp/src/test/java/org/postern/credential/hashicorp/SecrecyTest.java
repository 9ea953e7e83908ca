// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.hashicorp.StandInVault.Answer;
import org.postern.spi.credential.CredentialRef;
import org.postern.testkit.Canaries;
import org.slf4j.LoggerFactory;

/** Tokens and secrets stay where they belong (E-07, B-37). */
class SecrecyTest {

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private Level before;

    @BeforeEach
    void listen() {
        before = root.getLevel();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        root.setLevel(Level.TRACE);
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        root.setLevel(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void b_37_followsNoRedirectWithItsToken(int status) throws Exception {
        try (Fixture fixture = Fixture.withToken(folder);
                StandInVault attacker = StandInVault.plain(Clock.systemUTC())) {
            fixture.vault.put("relay", Map.of("user", "alice", "password", "first"));
            fixture.vault.fault = request ->
                    Optional.of(Answer.error(status).with("Location", attacker.address() + "/v1/secret/data/relay"));
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: " + fixture.vault.address() + " redirects to " + attacker.address())
                    .contains("a token is not sent after");
            fixture.pass(Duration.ofMinutes(5), Duration.ofSeconds(1));
            assertThat(attacker.requests()).isEmpty();
        }
    }

    @Test
    void b_37_logsInNowhereElseEither() throws Exception {
        try (Fixture fixture = Fixture.withAppRole(folder);
                StandInVault attacker = StandInVault.plain(Clock.systemUTC())) {
            fixture.vault.fault = request ->
                    Optional.of(Answer.error(307).with("Location", attacker.address() + "/v1/auth/approle/login"));
            assertThat(fixture.answer("relay")).startsWith("unavailable: ");
            assertThat(attacker.requests()).isEmpty();
        }
    }

    @Test
    void b_37_putsTheTokenInNoAddress() throws Exception {
        try (Fixture fixture = Fixture.withToken(folder)) {
            fixture.vault.put("relay", Map.of("user", "alice", "password", "first"));
            Canaries canaries = new Canaries()
                    .watch("token", fixture.environment.get("TOKEN").getBytes("US-ASCII"));
            fixture.answer("relay");
            canaries.assertAbsentFrom("the addresses", fixture.vault.requests().toString());
        }
    }

    /** Every way of going wrong that there is a test for, with every secret there is, at the most talkative level. */
    @Test
    void e_07_noSecretIsInALogAnAnswerOrAText() throws Exception {
        Canaries canaries = new Canaries();
        try (Fixture fixture = Fixture.withAppRole(folder)) {
            String secretId = canaries.plant("secret ID");
            fixture.vault.secretId = secretId;
            fixture.environment.put("SECRET_ID", secretId);
            String password = canaries.plant("password");
            String coming = canaries.plant("coming password");
            fixture.vault.put("relay", Map.of("user", "alice", "password", password, "next_password", coming));
            fixture.vault.put("unfit", Map.of("user", "alice", "password", canaries.plant("unfit password") + "\n"));
            fixture.vault.put("misplaced", Map.of("user", "alice", "token", canaries.plant("another field")));

            StringBuilder texts = new StringBuilder();
            texts.append(fixture.store());
            for (String key : List.of("relay", "unfit", "misplaced", "relay#nothing", "nowhere", "..")) {
                texts.append(Fixture.printed(fixture.lookup(key)));
            }
            for (String fault : List.of(
                    "{\"data\":{\"data\":{\"password\":\"" + password,
                    "<html>" + password + "</html>",
                    "{\"errors\":[\"no\"],\"data\":{\"data\":{\"password\":\"" + password + "\"}}}")) {
                for (int status : new int[] {200, 400, 403, 404, 429, 500, 503}) {
                    fixture.vault.fault = request -> Optional.of(Answer.of(status, fault));
                    texts.append(Fixture.printed(fixture.lookup("relay")));
                    fixture.vault.fault = request -> Optional.empty();
                    fixture.pass(Duration.ofMinutes(6), Duration.ofSeconds(30));
                }
            }
            fixture.environment.put("SECRET_ID", canaries.plant("wrong secret ID"));
            fixture.vault.revokeAllTokens();
            texts.append(Fixture.printed(fixture.lookup("relay")));
            fixture.pass(Duration.ofMinutes(6), Duration.ofSeconds(30));
            texts.append(Fixture.printed(fixture.lookup("relay")));
            canaries.assertAbsentFrom("answers and texts", texts);
        }
        assertThat(log.list).as("what was logged").isNotEmpty();
        for (ILoggingEvent event : log.list) {
            canaries.assertAbsentFrom(
                    "the log",
                    event.getLoggerName() + " " + event.getFormattedMessage()
                            + (event.getThrowableProxy() == null
                                    ? ""
                                    : event.getThrowableProxy().getMessage()));
        }
    }

    /** The JDK quotes the value of a header that it refuses. */
    @Test
    void e_07_aTokenThatCannotStandInAHeaderIsQuotedNowhere() throws Exception {
        Canaries canaries = new Canaries();
        try (Fixture fixture = Fixture.withToken(folder)) {
            String token = canaries.plant("token");
            fixture.environment.put("TOKEN", token + "\r\nX-Other: " + token);
            canaries.assertAbsentFrom("the answer", fixture.answer("relay"));
            fixture.environment.put("TOKEN", token + "\u00e4");
            canaries.assertAbsentFrom(
                    "the answer", fixture.store().lookup(new CredentialRef("k")).toString());
            assertThat(fixture.vault.requests()).isEmpty();
        }
        log.list.forEach(event -> canaries.assertAbsentFrom("the log", event.getFormattedMessage()));
    }
}
