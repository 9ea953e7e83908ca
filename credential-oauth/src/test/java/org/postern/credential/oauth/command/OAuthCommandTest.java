// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.credential.oauth.Account;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Provider;
import org.postern.credential.oauth.ConfiguredAccounts;
import org.postern.credential.oauth.KnownSecrets;
import org.postern.credential.oauth.TokenStatus;
import org.postern.credential.oauth.protocol.TokenRequests;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;

/** What the verb says; logins run against a real provider elsewhere. */
class OAuthCommandTest {

    private static final Instant END = Instant.parse("2026-11-27T01:00:00Z");

    private Lookup answer = new Lookup.StoreUnavailable("status 503");

    private final ConfiguredAccounts accounts = new ConfiguredAccounts() {
        @Override
        public List<TokenStatus> statuses() {
            return List.of(
                    status("good", new TokenStatus.State.Good(), Optional.of(END)),
                    status("idle", new TokenStatus.State.NotAsked(), Optional.empty()),
                    status("failing", new TokenStatus.State.Failing("status \"503\"", END), Optional.empty()),
                    status("stuck", new TokenStatus.State.NeedsOperator("log in"), Optional.empty()));
        }

        @Override
        public Map<String, String> mistakes() {
            return Map.of("wrong", "account 'wrong' of Credential_OAuth needs User");
        }

        @Override
        public Optional<Account> account(String name) {
            return name.equals("good") ? Optional.of(OAuthCommandTest.account(name)) : Optional.empty();
        }

        @Override
        public Optional<Lookup> retry(String name) {
            return Optional.of(answer);
        }

        @Override
        public KnownSecrets clientSecrets(Account account) throws IOException {
            throw new IOException("the vault is sealed");
        }

        @Override
        public TokenRequests requests() {
            throw new AssertionError("nothing is asked here");
        }

        @Override
        public UpdateResult keep(Account account, Secret refreshToken) {
            throw new AssertionError("nothing is kept here");
        }
    };

    private static Account account(String name) {
        return new Account(
                name,
                name + "@example.test",
                "client",
                new Provider.Known(java.net.URI.create("https://id.example/token"), Optional.empty()),
                new Grant.ClientCredentials(),
                new ClientProof.None(),
                List.of(),
                Set.of(),
                Duration.ofMinutes(5));
    }

    private static TokenStatus status(String name, TokenStatus.State state, Optional<Instant> end) {
        return new TokenStatus(account(name), state, end.map(it -> new CredentialVersion("ab-1")), end, end);
    }

    private String said(String... words) {
        return Commands.run(accounts, words);
    }

    @Test
    void showsHowTheAccountsAreDoing() {
        assertThat(said("status")).isEqualTo("""
                ACCOUNT  USER                  GRANT               STATE           EXPIRES (UTC)        TOKEN
                good     good@example.test     client_credentials  good            2026-11-27 01:00:00  ab-1
                idle     idle@example.test     client_credentials  not asked       -                    -
                failing  failing@example.test  client_credentials  failing         -                    -
                stuck    stuck@example.test    client_credentials  needs operator  -                    -

                failing: status "503"; asked again at 2026-11-27 01:00:00
                stuck: log in
                account 'wrong' of Credential_OAuth needs User
                exit 0""");
    }

    @Test
    void showsTheSameToPrograms() {
        assertThat(said("status", "--json"))
                .startsWith(
                        "[{\"account\":\"good\",\"user\":\"good@example.test\",\"grant\":\"client_credentials\","
                                + "\"state\":\"good\",\"reason\":null,\"version\":\"ab-1\",\"expires\":\"2026-11-27T01:00:00Z\"")
                .contains("\"reason\":\"status \\\"503\\\"; asked again", "{\"account\":\"wrong\",\"state\":\"wrong\",")
                .endsWith("exit 0");
    }

    @Test
    void saysWhatCameOfARetryAndNeverTheToken() {
        assertThat(said("retry", "good")).contains("status 503").endsWith("exit 1");
        answer = new Lookup.Found(new BearerToken(
                "good@example.test",
                Secret.of("tell-nobody"),
                new CredentialVersion("ab-2"),
                Optional.of(END),
                Set.of()));
        assertThat(said("retry", "good"))
                .isEqualTo("Account 'good' has a token for good@example.test until 2026-11-27T01:00:00Z.\nexit 0");
    }

    @ParameterizedTest
    @CsvSource({
        "'',2,Usage: postern oauth status",
        "--help,0,Usage: postern oauth status",
        "login --help,0,Usage: postern oauth status",
        "frobnicate,2,there is no verb frobnicate",
        "status now,2,takes --json and nothing else",
        "login,2,takes the name of one account",
        "login one two,2,takes the name of one account",
        "login nobody,3,there is no account 'nobody'",
        "login wrong,3,needs User",
        "login good,1,needs no login"
    })
    void saysWhatIsWrongAndEndsAccordingly(String words, int code, String expected) {
        assertThat(said(words.isEmpty() ? new String[0] : words.split(" ")))
                .contains(expected)
                .endsWith("exit " + code);
    }

    @Test
    void saysThatNothingIsConfigured() {
        assertThat(Commands.run(null, "status"))
                .contains("the configuration has no stanza Credential_OAuth")
                .endsWith("exit 3");
    }
}
