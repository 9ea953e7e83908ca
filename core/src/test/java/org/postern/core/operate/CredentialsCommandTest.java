// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.cluster.VerbResult;
import org.postern.engine.EngineRuntime;
import org.postern.engine.ExplainRequest;
import org.postern.engine.dto.CredentialView;
import org.postern.engine.dto.Explanation;
import org.postern.engine.dto.MechanismView;
import org.postern.engine.dto.QueueView;
import org.postern.engine.dto.SessionView;

@Timeout(60)
class CredentialsCommandTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private static CredentialView view(String state, Optional<Instant> next, Optional<Instant> lastLogin) {
        return new CredentialView(
                "vault:relay-1",
                "v3",
                "al\u001b[2Jice",
                Optional.empty(),
                "smtp.example.com:587",
                Optional.of(Instant.now().minus(Duration.ofDays(3))),
                Optional.of(Instant.now().plus(Duration.ofDays(2))),
                state,
                state.equals("refused") ? 2 : 0,
                next,
                lastLogin,
                Optional.of("535 5.7.8 no\u202e way"),
                1,
                40,
                List.of(new CredentialView.Limit("messages=2000/d", 2000, 2000)));
    }

    private record Engine(Supplier<List<CredentialView>> now, List<CredentialView> retried) implements EngineRuntime {

        @Override
        public List<CredentialView> credentials() {
            return now.get();
        }

        @Override
        public List<CredentialView> retry(String reference) {
            return retried;
        }

        @Override
        public List<MechanismView> mechanisms() {
            return List.of();
        }

        @Override
        public List<SessionView> sessions() {
            return List.of();
        }

        @Override
        public List<QueueView> queues() {
            return List.of();
        }

        @Override
        public Map<String, Long> counters() {
            return Map.of();
        }

        @Override
        public Explanation explain(ExplainRequest request) {
            throw new UnsupportedOperationException();
        }
    }

    private VerbResult answer(Engine engine, String... words) throws Exception {
        return new CredentialsCommand.Inquiry(
                        engine, CredentialsArguments.parse(List.of(words)), new Semaphore(1), out, out)
                .answer();
    }

    private int run(Engine engine, String... words) throws Exception {
        VerbResult result = answer(engine, words);
        assertThat(result.missing()).isEmpty();
        return result.code();
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static Engine one(CredentialView view) {
        return new Engine(() -> List.of(view), List.of(view));
    }

    @Test
    void listsEachOnALineAndObeysNoControlCharacter() throws Exception {
        Instant next = Instant.parse("2036-01-01T00:00:00Z");
        assertThat(run(one(view("refused", Optional.of(next), Optional.empty()))))
                .isZero();
        assertThat(said().replaceAll("\u001b\\[[0-9]*m", "").lines())
                .hasSize(2)
                .last()
                .asString()
                .containsSubsequence(
                        "vault:relay-1",
                        "v3",
                        "al?[2Jice",
                        "smtp.example.com:587",
                        "refused until 2036-01-01T00:00:00Z",
                        "3d 0h",
                        "in 1d 23h",
                        "1",
                        "40",
                        "2000 of messages=2000/d");
    }

    @Test
    void saysSoWhereThereIsNothing() throws Exception {
        assertThat(run(new Engine(List::of, List.of()))).isZero();
        assertThat(said()).isEqualTo("No login was tried since the relay started.\n");
    }

    @Test
    void showsOneByItsReferenceWithOrWithoutItsStore() throws Exception {
        Engine engine = one(view("refused", Optional.empty(), Optional.of(Instant.now())));
        assertThat(run(engine, "show", "vault:relay-1")).isZero();
        assertThat(run(engine, "show", "relay-1")).isZero();
        assertThat(said())
                .contains("refused 2 times", "535 5.7.8 no? way", "waiting for a limit", "40 messages")
                .doesNotContain("\u202e");
        assertThat(answer(engine, "show", "elay-1").missing()).containsExactly("elay-1");
    }

    @Test
    void printsJsonForPrograms() throws Exception {
        assertThat(run(one(view("well", Optional.empty(), Optional.empty())), "--json"))
                .isZero();
        assertThat(said())
                .startsWith("[")
                .contains("\"reference\": \"vault:relay-1\"", "\"user\": \"al\\u001b[2Jice\"", "\"nextLogin\": null");
    }

    @Test
    void saysWhetherARetryIsDueOrSpent() throws Exception {
        assertThat(run(one(view("refused", Optional.empty(), Optional.empty())), "retry", "relay-1"))
                .isZero();
        assertThat(said()).contains("a login is due now");
        Instant next = Instant.parse("2036-01-01T00:00:00Z");
        assertThat(run(one(view("refused", Optional.of(next), Optional.empty())), "retry", "relay-1"))
                .isZero();
        assertThat(said()).contains("was spent already; the next is due at 2036-01-01T00:00:00Z");
        assertThat(answer(new Engine(List::of, List.of()), "retry", "x").missing())
                .containsExactly("x");
    }

    @Test
    void waitsForTheLoginAndSaysHowItEnded() throws Exception {
        Instant[] ended = {Instant.MIN};
        Engine engine = new Engine(
                () -> {
                    CredentialView before = view("well", Optional.empty(), Optional.of(ended[0]));
                    ended[0] = Instant.now().plusSeconds(1);
                    return List.of(before);
                },
                List.of(view("refused", Optional.empty(), Optional.empty())));
        assertThat(run(engine, "retry", "relay-1", "--wait")).isZero();
        assertThat(said()).contains("the login").contains("succeeded");
        Engine refused =
                one(view("refused", Optional.empty(), Optional.of(Instant.now().plusSeconds(9))));
        assertThat(run(refused, "retry", "relay-1", "--wait=5")).isEqualTo(1);
        assertThat(said()).contains("did not succeed");
    }

    @Test
    void givesUpWaitingWhereNoLoginTakesPlace() throws Exception {
        assertThat(run(one(view("refused", Optional.empty(), Optional.empty())), "retry", "relay-1", "--wait=1"))
                .isEqualTo(1);
        assertThat(said()).contains("no login took place within 1 seconds");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list x",
                "show",
                "retry",
                "show a b",
                "forget x",
                "--yaml",
                "list --wait",
                "retry x --wait=0",
                "retry x --wait=y"
            })
    void refusesALineThatIsWrong(String line) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> CredentialsArguments.parse(List.of(line.split(" "))))
                .isInstanceOf(CredentialsArguments.Wrong.class)
                .hasMessageMatching(".{10,}");
    }
}
