// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.BindingRequest;
import org.postern.engine.PolicyException;
import org.postern.engine.Submission;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.BindingChoice;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.spool.SpooledMessage;

/** Which binding a message gets as it is accepted. */
class BindingTest {

    private static final String CONTENT = "X-Tenant: seven\r\nX-Binding: gold\r\n\r\nbody\r\n";

    private EngineRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig();
        configured().apply();
    }

    private EngineRig.Configuration configured() {
        return rig.configure()
                .global(OutboundSettings.SUSPEND_DELIVERY, true)
                .declare(ScopePath.ofBinding("gold"))
                .declare(ScopePath.ofGroup("metal").withBinding("silver"))
                .declare(ScopePath.ofGroup("metal").withBinding("tin"));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private SpooledMessage accepted(String content, BindingRequest request) throws IOException {
        try (Submission submission = rig.engine.intake().submit()) {
            submission.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
            var id = submission.accept(
                    new Envelope(
                            Optional.of(MailAddress.parse("s@example.org")),
                            List.of(MailAddress.parse("x@a.example")),
                            BodyType.SEVEN_BIT,
                            false),
                    request,
                    Map.of());
            return rig.spool.find(id).orElseThrow();
        }
    }

    private static BindingRequest trusted(String... name) {
        return new BindingRequest(List.of(name).stream().findFirst(), true);
    }

    private static BindingRequest stranger(String... name) {
        return new BindingRequest(List.of(name).stream().findFirst(), false);
    }

    private String content(SpooledMessage message) throws IOException {
        try (var in = rig.spool.openContent(message.id())) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void isTheOneInTheHeaderWhichIsTakenOut() throws Exception {
        SpooledMessage message = accepted(CONTENT, trusted());
        assertThat(message.binding()).isEqualTo(new Binding(BindingGroup.DEFAULT, "gold"));
        assertThat(content(message)).isEqualTo("X-Tenant: seven\r\n\r\nbody\r\n");
        assertThat(message.size()).isEqualTo(content(message).length());
    }

    @Test
    void isNotTheOneInAStrangersHeaderWhichIsTakenOutAllTheSame() throws Exception {
        SpooledMessage message = accepted(CONTENT, stranger());
        assertThat(message.binding()).isEqualTo(Binding.DEFAULT);
        assertThat(content(message)).doesNotContain("X-Binding");
    }

    @Test
    void belongsToTheGroupThatDeclaresIt() throws Exception {
        assertThat(accepted("X-Binding: silver\r\n\r\n", trusted()).binding())
                .isEqualTo(new Binding(new BindingGroup("metal"), "silver"));
    }

    @Test
    void isTheOneTheListenerAsksForUnlessTheHeaderNamesAnother() throws Exception {
        assertThat(accepted("\r\n", trusted("tin")).binding().name()).isEqualTo("tin");
        assertThat(accepted(CONTENT, trusted("tin")).binding().name()).isEqualTo("gold");
        assertThat(accepted(CONTENT, stranger("tin")).binding().name()).isEqualTo("tin");
    }

    @Test
    void staysAsItIsWhereTheNameIsNotDeclared() throws Exception {
        assertThat(accepted("X-Binding: nowhere\r\n\r\n", trusted("tin"))
                        .binding()
                        .name())
                .isEqualTo("tin");
        assertThat(accepted("X-Binding: GOLD\r\n\r\n", trusted()).binding()).isEqualTo(Binding.DEFAULT);
        assertThat(accepted("X-Binding:\r\n\r\n", trusted("nowhere")).binding()).isEqualTo(Binding.DEFAULT);
    }

    @Test
    void isNoneOfSeveralThatDisagree() throws Exception {
        assertThat(accepted("X-Binding: gold\r\nX-Binding: tin\r\n\r\n", trusted())
                        .binding())
                .isEqualTo(Binding.DEFAULT);
        assertThat(accepted("X-Binding: gold\r\nX-Binding: gold\r\n\r\n", trusted())
                        .binding()
                        .name())
                .isEqualTo("gold");
    }

    @Test
    void isWhatTheLastHookChooses() throws Exception {
        rig.engine.bindingHookArrived(
                (message, context) ->
                        new BindingChoice.Named(message.binding().name().equals("gold") ? "silver" : "tin"),
                10,
                1);
        rig.engine.bindingHookArrived(
                (message, context) -> message.binding().name().equals("silver")
                        ? new BindingChoice.Unchanged()
                        : new BindingChoice.Named("nowhere"),
                0,
                2);
        assertThat(accepted(CONTENT, trusted()).binding().name()).isEqualTo("silver");
        assertThat(accepted("\r\n", trusted()).binding().name()).isEqualTo("tin");
    }

    @Test
    void isChosenByAHookThatSeesHeaderAndEnvelopeAndSetsVariables() throws Exception {
        rig.engine.bindingHookArrived(
                (message, context) -> {
                    context.set("tenant", message.header("X-Tenant").getFirst());
                    context.set("seen", context.get("rcptto_domain").orElse("none") + " " + message.size());
                    return new BindingChoice.Unchanged();
                },
                0,
                1);
        assertThat(accepted(CONTENT, trusted()).context()).isEqualTo(Map.of("tenant", "seven", "seen", "a.example 25"));
    }

    @Test
    void isOneOfAGroupInTurn() throws Exception {
        rig.engine.bindingHookArrived((message, context) -> new BindingChoice.AnyOf("metal"), 0, 1);
        Set<String> names = new HashSet<>();
        names.add(accepted("\r\n", trusted()).binding().name());
        names.add(accepted("\r\n", trusted()).binding().name());
        assertThat(names).containsExactlyInAnyOrder("silver", "tin");
    }

    @Test
    void isOneOfAGroupThatIsNotSuspended() throws Exception {
        configured()
                .global(OutboundSettings.SUSPEND_DELIVERY, false)
                .put(ScopePath.ofGroup("metal").withBinding("tin"), OutboundSettings.SUSPEND_DELIVERY, true)
                .global(OutboundSettings.ROUTES, List.of("smtp://127.0.0.1:1"))
                .apply();
        rig.engine.bindingHookArrived((message, context) -> new BindingChoice.AnyOf("metal"), 0, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(accepted("\r\n", trusted()).binding().name()).isEqualTo("silver");
        }
    }

    @Test
    void isNotGuessedWhereAHookFails() {
        rig.engine.bindingHookArrived(
                (message, context) -> {
                    throw new IllegalStateException("hunter2");
                },
                0,
                1);
        assertThatThrownBy(() -> accepted(CONTENT, trusted()))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("threw java.lang.IllegalStateException")
                .hasMessageNotContaining("hunter2");
        assertThat(rig.spool.left()).isEmpty();
    }

    @Test
    void isNotGuessedWhereAHookIsLate() {
        configured()
                .global(OutboundAuthSettings.HOOK_TIMEOUT, Duration.ofSeconds(1))
                .apply();
        rig.engine.bindingHookArrived(
                (message, context) -> {
                    new CountDownLatch(1).await();
                    return new BindingChoice.Unchanged();
                },
                0,
                1);
        assertThatThrownBy(() -> accepted(CONTENT, trusted()))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("took longer than 1 s");
    }

    @Test
    void isNotGuessedBeforeThereIsAConfiguration() throws Exception {
        try (EngineRig early = new EngineRig();
                Submission submission = early.engine.intake().submit()) {
            submission.write(ByteBuffer.wrap(CONTENT.getBytes(UTF_8)));
            Envelope envelope = new Envelope(
                    Optional.empty(), List.of(MailAddress.parse("x@a.example")), BodyType.SEVEN_BIT, false);
            assertThatThrownBy(() -> submission.accept(envelope, trusted(), Map.of()))
                    .isInstanceOf(PolicyException.class);
        }
    }
}
