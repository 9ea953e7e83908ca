// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;

@Timeout(60)
class CheckCommandTest {

    private static final String KEY = "Outbound_SMTP_AUTH_Key = ";

    @TempDir
    Path directory;

    private Folder folder;
    private CredentialStores stores = FakeStores.none();
    private Duration deadline = FakeStores.DEADLINE;
    private String out = "";
    private String err = "";

    @BeforeEach
    void open() {
        folder = new Folder(directory);
    }

    private int check(String text, String... options) {
        folder.write("postern.conf", text);
        ConfigurationStore store = new ConfigurationStore(
                new FakeContext(Map.of()).context(), new FakeConfigurationAdmin(), Clock.systemUTC());
        store.addVocabulary(Words.ofEngine());
        ByteArrayOutputStream results = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        List<String> arguments = new java.util.ArrayList<>(List.of(options));
        arguments.addAll(List.of("-c", folder.main().toString()));
        int code = new CheckCommand(store, List.of(), stores, deadline)
                .run(
                        arguments,
                        InputStream.nullInputStream(),
                        new PrintStream(results, true, StandardCharsets.UTF_8),
                        new PrintStream(errors, true, StandardCharsets.UTF_8));
        out = results.toString(StandardCharsets.UTF_8).replace(directory + "/", "");
        err = errors.toString(StandardCharsets.UTF_8).replace(directory + "/", "");
        return code;
    }

    @Test
    void saysWhereEachCredentialIsAndNeverItsSecret() {
        Secret secret = FakeStores.secret();
        AtomicInteger asked = new AtomicInteger();
        stores = FakeStores.of(
                FakeStores.store("empty", ref -> new Lookup.NoSuchCredential("none here")),
                FakeStores.store("full", ref -> {
                    asked.incrementAndGet();
                    return FakeStores.found("mailer", secret);
                }));

        assertThat(check(KEY + "relay\nDomain d { " + KEY + "relay }", "--resolve"))
                .isZero();

        assertThat(err).isEmpty();
        assertThat(out)
                .isEqualTo("postern.conf:1:1: credential 'relay' is in store full: user mailer, version 7, expires "
                        + FakeStores.EXPIRY + "\npostern.conf is right: 0 errors, 0 warnings\n")
                .doesNotContain("s3cret");
        assertThat(asked).as("questions about one key at two places").hasValue(1);
        assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isWrongWhereACredentialIsMissing() {
        stores = FakeStores.of(FakeStores.store("vault", ref -> new Lookup.NoSuchCredential("no\u001bentry")));

        assertThat(check("\n  " + KEY + "relay", "--resolve")).isEqualTo(3);

        assertThat(err).isEqualTo("postern.conf:2:3: error: no credential 'relay': store vault: no?entry\n");
        assertThat(out).isEqualTo("postern.conf is wrong: 1 error, 0 warnings\n");
    }

    @Test
    void isWrongWhereAStoreCannotSay() {
        stores = FakeStores.of(
                FakeStores.store("sealed", ref -> new Lookup.StoreUnavailable("is sealed")),
                FakeStores.store("broken", ref -> {
                    throw new IllegalStateException("s3cret");
                }),
                FakeStores.store("mute", ref -> null),
                FakeStores.store("empty", ref -> new Lookup.NoSuchCredential("none here")));

        assertThat(check(KEY + "relay", "--resolve")).isEqualTo(3);

        assertThat(err)
                .isEqualTo(
                        "postern.conf:1:1: error: no answer about credential 'relay': store sealed: is sealed;"
                                + " store broken: failed with IllegalStateException; store mute: answered with nothing at all\n");
    }

    @Test
    void asksTheNextStoreWhereOneCannotSay() {
        stores = FakeStores.of(
                FakeStores.store("sealed", ref -> new Lookup.StoreUnavailable("is sealed")),
                FakeStores.store("full", ref -> FakeStores.found("mailer", FakeStores.secret())));

        assertThat(check(KEY + "relay", "--resolve")).isZero();
    }

    @Test
    void waitsForAStoreOnlySoLongAndWipesWhatComesTooLate() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        Secret secret = FakeStores.secret();
        deadline = Duration.ofMillis(20);
        stores = FakeStores.of(FakeStores.store("slow", ref -> {
            try {
                late.await();
            } catch (InterruptedException ignored) {
                answered.countDown();
            }
            return FakeStores.found("mailer", secret);
        }));

        assertThat(check(KEY + "relay", "--resolve")).isEqualTo(3);

        assertThat(err).contains("store slow: gave no answer within 20 ms");
        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void warnsOfAUserThatIsNotTheStores() {
        stores = FakeStores.of(FakeStores.store(
                "vault", ref -> FakeStores.found(ref.key().equals("anonymous") ? "" : "mailer", FakeStores.secret())));

        assertThat(check(
                        "Outbound_SMTP_AUTH_User = other\nDomain d { " + KEY + "relay }\n"
                                + "Domain e { " + KEY + "relay Outbound_SMTP_AUTH_User = mailer }\n"
                                + "Domain f { " + KEY + "anonymous }",
                        "--resolve"))
                .isZero();
        assertThat(err.lines())
                .singleElement()
                .asString()
                .startsWith("postern.conf:2:12: warning: credential 'relay' of store vault is of another user than"
                        + " Outbound_SMTP_AUTH_User at postern.conf:1:1 says");

        assertThat(check(KEY + "anonymous", "--resolve")).isEqualTo(3);
        assertThat(err).contains("names no user, and Outbound_SMTP_AUTH_User is not set");
    }

    @Test
    void warnsOfKeysWithoutAnyStore() {
        assertThat(check("Outbound_SMTP_AUTH_User = u\n" + KEY + "a\nDomain d { " + KEY + "b }"))
                .isZero();
        assertThat(err.lines())
                .singleElement()
                .asString()
                .startsWith("postern.conf:2:1: warning: Outbound_SMTP_AUTH_Key names a credential, and no credential"
                        + " store is configured: mail would be held; and so at 1 more place (");

        assertThat(check(KEY + "a", "--resolve")).isEqualTo(3);
        assertThat(err).contains("no answer about credential 'a': no credential store is there");

        assertThat(check(KEY + "\"\"")).as("a key that is cancelled").isZero();
        assertThat(err).isEmpty();
    }

    @Test
    void asksTheStoreThatAReferenceNamesAndNoOther() {
        stores = FakeStores.of(
                FakeStores.store("first", ref -> FakeStores.found("wrong", FakeStores.secret())),
                FakeStores.store(
                        "vault",
                        ref -> ref.key().equals("relay")
                                ? FakeStores.found("mailer", FakeStores.secret())
                                : new Lookup.NoSuchCredential("none here")));

        assertThat(check(
                        "Outbound_SMTP_AUTH_Pass = \"vault:relay\"\n"
                                + "Domain d { Outbound_SMTP_AUTH_User = \"vault:gone\" Outbound_SMTP_AUTH_Pass = \"jdbc:x\" }\n"
                                + "Domain e { Credential_Stores = ( \"vault\" \"first\" ) " + KEY + "relay"
                                + " Outbound_SMTP_AUTH_Pass = \"\" }",
                        "--resolve"))
                .isEqualTo(3);

        assertThat(out)
                .contains(
                        "postern.conf:1:1: credential 'vault:relay' is in store vault: user mailer",
                        "postern.conf:3:52: credential 'relay' is in store vault: user mailer");
        assertThat(err.lines())
                .containsExactly(
                        "postern.conf:2:12: error: no credential 'vault:gone': store vault: none here",
                        "postern.conf:2:51: error: no answer about credential 'jdbc:x': store jdbc: is not installed");
    }

    @Test
    void printsEveryProblemThatAPersonWouldMake() {
        assertThat(check("Nonsense_Option = 1\n".repeat(10_000))).isEqualTo(3);

        assertThat(err.lines()).hasSize(10_000).last().asString().startsWith("postern.conf:10000:1: error: unknown");
        assertThat(out).isEqualTo("postern.conf is wrong: 10000 errors, 0 warnings\n");
    }

    @Test
    void saysHowManyProblemsOfAnAbsurdFileAreLeftOut() {
        assertThat(check("Nonsense_Option = 1\n".repeat(CheckCommand.MOST_PROBLEMS + 5)))
                .isEqualTo(3);

        assertThat(err.lines()).hasSize(CheckCommand.MOST_PROBLEMS + 1).last().isEqualTo("5 more are left out here");
    }

    @Test
    void printsJsonForPrograms() {
        assertThat(check("Remote_SMTP_Prot = 1\nTLS = \"perh\u00e4ps\"", "--json"))
                .isEqualTo(3);
        assertThat(err).isEmpty();
        assertThat(out)
                .startsWith(
                        "{\"file\": \"postern.conf\", \"right\": false, \"errors\": 2, \"warnings\": 0, \"leftOut\": 0,"
                                + " \"problems\": [{\"file\": \"postern.conf\", \"line\": 1, \"column\": 1, \"severity\": \"error\","
                                + " \"text\": \"unknown option Remote_SMTP_Prot\", \"hint\": \"did you mean Remote_SMTP_Port?\"},")
                .contains("\"line\": 2, \"column\": 7, ", "\"hint\": null}")
                .endsWith("\"credentials\": []}\n");

        stores = FakeStores.of(FakeStores.store("vault", ref -> switch (ref.key()) {
            case "here" -> FakeStores.found("mailer", FakeStores.secret());
            case "gone" -> new Lookup.NoSuchCredential("\"gone\"");
            default -> new Lookup.StoreUnavailable("sealed");
        }));
        assertThat(check(
                        "Domain a { " + KEY + "here }\nDomain b { " + KEY + "gone }\nDomain c { " + KEY + "x }",
                        "--resolve",
                        "--json"))
                .isEqualTo(3);
        assertThat(out)
                .contains(
                        "\"key\": \"here\", \"state\": \"found\", \"store\": \"vault\", \"user\": \"mailer\","
                                + " \"version\": \"7\", \"expiry\": \"" + FakeStores.EXPIRY + "\"}",
                        "\"state\": \"missing\", \"reason\": \"store vault: \\\"gone\\\"\"}",
                        "\"state\": \"unavailable\", \"reason\": \"store vault: sealed\"}")
                .doesNotContain("s3cret");
    }

    @Test
    void refusesOptionsThatItDoesNotKnow() {
        assertThat(check("TLS = no", "--resovle")).isEqualTo(2);
        assertThat(err).isEqualTo("check: there is no option --resovle\nTry: check --help\n");
        assertThat(check("TLS = no", "-c", "")).isEqualTo(2);
        assertThat(check("TLS = no", "--help")).isZero();
        assertThat(out).startsWith("usage: check -c FILE");
    }
}
