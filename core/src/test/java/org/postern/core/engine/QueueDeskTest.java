// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.QueueAction;
import org.postern.engine.QueueFilter;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.engine.dto.QueueEntry.State;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;

/** What an operator sees of mail that waits, and does to it. */
@Timeout(60)
class QueueDeskTest {

    private static final String TEXT = "Subject: x\r\nX-Long: a\r\n b\r\n\r\nbody\r\n";

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .account("alice", "wonderland")
                .start();
        peer.replyAt(Stage.RCPT, "x@a.example", "451 4.3.0 not now");
        peer.replyAt(Stage.RCPT, "y@a.example", "451 4.3.0 not now");
        configure(rig);
    }

    private void configure(EngineRig which) {
        which.configure()
                .route("a.example", peer.port())
                .route("b.example", peer.port())
                .login("b.example", "alice", "wrong")
                .global(OutboundSettings.RETRY_INTERVAL, Duration.ofHours(1))
                .apply();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private MessageId delayed() throws IOException {
        return waiting("s@example.org", "x@a.example", "y@a.example");
    }

    private MessageId waiting(String from, String... to) throws IOException {
        int before = entries(QueueFilter.ALL).size();
        MessageId id = rig.submit(from, TEXT, to);
        eventually(() -> entries(QueueFilter.ALL).stream()
                        .filter(entry -> entry.state() == State.DELAYED || entry.state() == State.HELD)
                        .count()
                > before);
        return id;
    }

    private List<QueueEntry> entries(QueueFilter filter) throws IOException {
        List<QueueEntry> entries = new ArrayList<>();
        rig.engine.queue().visit(filter, entries::add);
        return entries;
    }

    private QueueChange apply(QueueAction action, QueueFilter filter) throws IOException, InterruptedException {
        return rig.engine.queue().apply(action, filter, done -> {});
    }

    private static QueueFilter recipient(String address) {
        QueueFilter all = QueueFilter.ALL;
        return new QueueFilter(
                Set.of(),
                all.domain(),
                all.binding(),
                all.identity(),
                all.sender(),
                Optional.of(address),
                all.reason(),
                all.state(),
                all.olderThan(),
                all.youngerThan());
    }

    @Test
    void showsWhatWaitsAndWhy() throws Exception {
        MessageId id = delayed();
        waiting("", "z@b.example");

        QueueEntry one = entries(QueueFilter.of(Set.of(id))).getFirst();
        assertThat(one.state()).isEqualTo(State.DELAYED);
        assertThat(one.domain()).isEqualTo("a.example");
        assertThat(one.recipients()).containsExactly("x@a.example", "y@a.example");
        assertThat(one.attempts()).isEqualTo(1);
        assertThat(one.reason()).contains("451 4.3.0 not now");
        assertThat(one.due().orElseThrow()).isAfter(clock.instant());
        assertThat(one.identity()).isEmpty();

        QueueEntry other = entries(recipient("Z@B.EXAMPLE")).getFirst();
        assertThat(other.state()).isEqualTo(State.HELD);
        assertThat(other.identity()).contains("alice");
        assertThat(other.sender()).isEmpty();
    }

    @Test
    void findsMailByEverythingThatIsKnownOfIt() throws Exception {
        MessageId id = delayed();
        clock.pass(Duration.ofMinutes(10));
        waiting("", "z@b.example");
        Optional<String> any = Optional.empty();
        Optional<Duration> ever = Optional.empty();
        List<QueueFilter> thatFitTheFirst = List.of(
                new QueueFilter(Set.of(id), any, any, any, any, any, any, Optional.empty(), ever, ever),
                new QueueFilter(Set.of(), Optional.of("A.*"), any, any, any, any, any, Optional.empty(), ever, ever),
                new QueueFilter(Set.of(), any, any, Optional.of(""), any, any, any, Optional.empty(), ever, ever),
                new QueueFilter(
                        Set.of(), any, any, any, Optional.of("s@*.org"), any, any, Optional.empty(), ever, ever),
                new QueueFilter(Set.of(), any, any, any, any, Optional.of("y@*"), any, Optional.empty(), ever, ever),
                new QueueFilter(
                        Set.of(), any, any, any, any, any, Optional.of("NOT NOW"), Optional.empty(), ever, ever),
                new QueueFilter(Set.of(), any, any, any, any, any, any, Optional.of(State.DELAYED), ever, ever),
                new QueueFilter(
                        Set.of(),
                        any,
                        any,
                        any,
                        any,
                        any,
                        any,
                        Optional.empty(),
                        Optional.of(Duration.ofMinutes(5)),
                        ever));
        assertThat(thatFitTheFirst)
                .allSatisfy(filter ->
                        assertThat(entries(filter)).extracting(QueueEntry::id).containsExactly(id.value()));
        assertThat(entries(new QueueFilter(
                        Set.of(),
                        any,
                        any,
                        Optional.of("al*"),
                        Optional.of(""),
                        any,
                        any,
                        Optional.empty(),
                        ever,
                        Optional.of(Duration.ofMinutes(5)))))
                .hasSize(1);
        assertThat(entries(recipient("x@a.exampl"))).isEmpty();
    }

    @Test
    void keepsMailOnHoldWhateverTimePassesAndOverARestartUntilItIsReleased() throws Exception {
        delayed();
        assertThat(apply(QueueAction.HOLD, QueueFilter.ALL)).isEqualTo(new QueueChange(1, 0, 0));
        assertThat(apply(QueueAction.HOLD, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 1, 0));
        assertThat(apply(QueueAction.RETRY, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 1, 0));
        peer.clearOverrides();
        clock.pass(Duration.ofDays(30));
        rig.engine.queue();

        rig.close();
        rig = rig.restarted().withPlain();
        configure(rig);
        assertThat(entries(QueueFilter.ALL)).extracting(QueueEntry::state).containsExactly(State.ON_HOLD);
        assertThat(peer.messageCount()).isZero();
        assertThat(rig.engine.runtime().queues().getFirst().onHold()).isEqualTo(1);

        apply(QueueAction.RELEASE, QueueFilter.ALL);
        eventually(() -> peer.messageCount() == 1);
        eventually(() -> rig.spool.left().isEmpty());
    }

    @Test
    void putsTheRecipientsThatAreMeantOnHoldAndLetsTheOthersGo() throws Exception {
        delayed();
        assertThat(apply(QueueAction.HOLD, recipient("y@a.example")).changed()).isEqualTo(1);
        assertThat(rig.spool.left().getFirst().states())
                .extracting(RecipientState::onHold)
                .containsExactly(false, true);
        peer.clearOverrides();
        clock.pass(Duration.ofHours(2));
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().recipients()).containsExactly("x@a.example");
        eventually(() -> entries(QueueFilter.ALL).size() == 1);
        assertThat(entries(QueueFilter.ALL).getFirst().recipients()).containsExactly("y@a.example");
    }

    @Test
    void triesDelayedMailAtOnceWhereAnOperatorWantsIt() throws Exception {
        delayed();
        peer.clearOverrides();
        assertThat(apply(QueueAction.RETRY, QueueFilter.ALL)).isEqualTo(new QueueChange(1, 0, 0));
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
    }

    @Test
    void triesMailAtOnceThoughItsHostRests() throws Exception {
        int port = peer.port();
        peer.close();
        waiting("s@example.org", "x@a.example");
        peer = MailPeer.builder().port(port).start();
        apply(QueueAction.RETRY, QueueFilter.ALL);
        eventually(() -> peer.messageCount() == 1);
    }

    @Test
    void removesMailAndTellsNobody() throws Exception {
        delayed();
        waiting("s@example.org", "z@b.example");
        assertThat(apply(QueueAction.REMOVE, recipient("x@a.example"))).isEqualTo(new QueueChange(1, 0, 0));
        assertThat(entries(recipient("*@a.example")).getFirst().recipients()).containsExactly("y@a.example");
        assertThat(apply(QueueAction.REMOVE, QueueFilter.ALL)).isEqualTo(new QueueChange(2, 0, 0));
        assertThat(entries(QueueFilter.ALL)).isEmpty();
        assertThat(rig.spool.left()).isEmpty();
        assertThat(peer.messageCount()).isZero();
    }

    @Test
    void leavesMailWhereItWasIfTheSpoolCannotNoteTheChange() throws Exception {
        delayed();
        rig.spool.forgetful = true;
        assertThat(apply(QueueAction.HOLD, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 0, 1));
        assertThat(apply(QueueAction.REMOVE, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 0, 1));
        rig.spool.forgetful = false;
        peer.clearOverrides();
        clock.pass(Duration.ofHours(2));
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
    }

    @Test
    void changesManyAtOnceAndTellsHowFarItIs() throws Exception {
        for (int i = 0; i < 600; i++) {
            rig.submit("s" + i + "@example.org", TEXT, "z@b.example");
        }
        eventually(() -> rig.outcomes(Held.class).size() >= 600
                && entries(QueueFilter.ALL).stream().allMatch(entry -> entry.state() == State.HELD));
        List<Long> steps = new ArrayList<>();
        QueueChange change = rig.engine.queue().apply(QueueAction.HOLD, QueueFilter.ALL, steps::add);
        assertThat(change.changed()).isEqualTo(600);
        assertThat(steps).isSorted().last().isEqualTo(600L);
        assertThat(rig.outcomes(Deferred.class)).isEmpty();
    }

    @Test
    void showsTheHeaderOfAMessageAndNothingOfItsBody() throws Exception {
        MessageId id = delayed();
        assertThat(rig.engine.queue().header(id))
                .hasValueSatisfying(
                        header -> assertThat(new String(header, UTF_8)).isEqualTo("Subject: x\r\nX-Long: a\r\n b\r\n"));
        assertThat(rig.engine.queue().header(new MessageId("none"))).isEmpty();
    }
}
