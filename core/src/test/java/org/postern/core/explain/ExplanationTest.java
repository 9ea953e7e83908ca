// SPDX-License-Identifier: Apache-2.0
package org.postern.core.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.core.text.Json;
import org.postern.engine.dto.Explanation;

/** One explanation, for people and for programs. */
class ExplanationTest {

    private static final Explanation ONE = withCredential(Optional.of(Instant.parse("2026-11-24T00:00:00Z")));

    private static Explanation withCredential(Optional<Instant> since) {
        return new Explanation(
                Instant.parse("2026-11-27T01:02:03Z"),
                7,
                "s@example.org",
                "x@a.example",
                new Explanation.BindingExplained("gold", "default", List.of("gold: an X-Binding field names it")),
                new Explanation.Routing(
                        "a.example",
                        "gw.example",
                        Optional.of(new Explanation.Level("domain a.example", Optional.of("gw.example"), "p.conf", 3)),
                        Optional.empty(),
                        List.of("gw.example:25"),
                        Optional.empty()),
                List.of(new Explanation.Option(
                        "Outbound_SMTP_AUTH_User",
                        Optional.of("al\u001b[31mice"),
                        "configuration",
                        List.of(
                                new Explanation.Level("domain gw.example", Optional.of("al\u001b[31mice"), "p.conf", 5),
                                new Explanation.Level("global", Optional.empty(), "p.conf", 1)))),
                List.of(new Explanation.Hook(
                        "h.Hook", List.of(new Explanation.Change("x", Optional.empty())), Optional.empty())),
                new Explanation.Authentication("authenticate", "so it is"),
                Optional.of(new Explanation.CredentialExplained(
                        "found",
                        Optional.of("k"),
                        Optional.of("vault:k"),
                        Optional.of("alice"),
                        Optional.of("v3"),
                        Optional.of("password"),
                        Optional.of(Instant.parse("2026-11-27T01:02:03Z")),
                        since,
                        Optional.empty(),
                        List.of(),
                        Optional.empty())),
                List.of(new Explanation.Mechanism(
                        "PLAIN",
                        Optional.of("org.postern.auth.plain 1"),
                        true,
                        Optional.empty(),
                        List.of(new Explanation.Disclosure("no TLS", false, Optional.of("not safe"))))),
                Optional.empty(),
                List.of("look here"));
    }

    private static String text() {
        return text(ONE);
    }

    private static String text(Explanation explanation) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExplanationText.print(explanation, new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8);
    }

    private static String plainText() {
        return plainText(ONE);
    }

    private static String plainText(Explanation explanation) {
        return text(explanation).replaceAll("\u001b\\[[0-9]*m", "");
    }

    @Test
    void beginsWithTheAnswer() {
        assertThat(plainText().lines().limit(3))
                .containsExactly(
                        "s@example.org to x@a.example, by configuration 7:",
                        "  goes out as alice, with the password or token from vault:k",
                        "warning  look here");
    }

    @Test
    void showsWinnerAndLosersWithTheirPlaces() {
        assertThat(plainText())
                .contains("    holds  al?[31mice in domain gw.example, p.conf:5\n")
                .contains("    loses  (cancels) in global, p.conf:1\n")
                .contains("gw.example, because of Gateway in domain a.example, p.conf:3");
    }

    @Test
    void saysHowOldTheCredentialIs() {
        assertThat(plainText()).containsPattern("age +3 d, since 2026-11-24T00:00:00Z\n");
        assertThat(Json.of(ONE)).contains("\"since\": \"2026-11-24T00:00:00Z\"");
    }

    @Test
    void saysThatTheStoreCannotTellHowOldTheCredentialIs() {
        Explanation timeless = withCredential(Optional.empty());
        assertThat(plainText(timeless)).containsPattern("age +unknown to the store\n");
        assertThat(Json.of(timeless)).contains("\"since\": null");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-27T01:02:04Z, 0 s",
        "2026-11-27T01:01:04Z, 59 s",
        "2026-11-27T01:01:03Z, 1 min",
        "2026-11-27T00:02:04Z, 59 min",
        "2026-11-27T00:02:03Z, 1 h",
        "2026-11-26T01:02:03Z, 1 d",
        "2016-11-27T01:02:03Z, 3652 d"
    })
    void givesTheAgeInTheLargestUnitThatThereIsOneOf(Instant since, String age) {
        assertThat(plainText(withCredential(Optional.of(since)))).containsPattern("age +" + age + ", since ");
    }

    @Test
    void letsNobodysTextCommandTheTerminal() {
        assertThat(text()).doesNotContain("\u001b[31mice");
        assertThat(Json.of(ONE)).contains("al\\u001b[31mice").doesNotContain("\u001b");
    }

    @Test
    void isAnObjectForPrograms() {
        assertThat(Json.of(ONE))
                .startsWith("{\n  \"at\": \"2026-11-27T01:02:03Z\",\n  \"configuration\": 7,\n")
                .contains("\"sender\": \"s@example.org\"")
                .contains("\"routes\": null")
                .contains("\"hosts\": [\n      \"gw.example:25\"\n    ]")
                .contains("\"session\": null")
                .contains("\"permitted\": false")
                .endsWith("}");
    }
}
