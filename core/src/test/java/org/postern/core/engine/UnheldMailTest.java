// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.io.InterruptedIOException;
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
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;

/** What an operator sees of mail that is in the spool and in no memory, and does to it. */
@Timeout(60)
class UnheldMailTest {

    private static final String TEXT = "Subject: x\r\n\r\nbody\r\n";

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
        rig.configure()
                .route("a.example", peer.port())
                .route("b.example", peer.port())
                .login("b.example", "alice", "wonderland")
                .global(OutboundSettings.RETRY_INTERVAL, Duration.ofHours(1))
                .apply();
        rig.spool.holdsNoMore = true;
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private List<QueueEntry> entries(QueueFilter filter) throws IOException {
        List<QueueEntry> entries = new ArrayList<>();
        rig.engine.queue().visit(filter, entries::add);
        return entries;
    }

    private QueueEntry only(QueueFilter filter) throws IOException {
        List<QueueEntry> found = entries(filter);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private QueueChange apply(QueueAction action, QueueFilter filter) throws IOException, InterruptedException {
        return rig.engine.queue().apply(action, filter, done -> {});
    }

    private static QueueFilter filter(Optional<String> domain, Optional<String> identity, Optional<String> recipient) {
        QueueFilter all = QueueFilter.ALL;
        return new QueueFilter(
                Set.of(),
                domain,
                all.binding(),
                identity,
                all.sender(),
                recipient,
                all.reason(),
                all.state(),
                all.olderThan(),
                all.youngerThan());
    }

    private static QueueFilter recipient(String address) {
        return filter(Optional.empty(), Optional.empty(), Optional.of(address));
    }

    /** Tried once, and given back until the next try. */
    private MessageId givenBack() throws IOException {
        rig.spool.holdsNoMore = false;
        rig.spool.takesBack = true;
        peer.replyAt(Stage.RCPT, "grey@a.example", "451 4.7.1 come back later");
        MessageId id = rig.submit("s@example.org", TEXT, "grey@a.example");
        eventually(() -> entries(QueueFilter.ALL).stream().anyMatch(entry -> !entry.inMemory()));
        peer.clearOverrides();
        return id;
    }

    private List<RecipientState> states() {
        return rig.spool.left().getFirst().states();
    }

    private void takeUp() {
        rig.spool.takeUp(clock.instant());
    }

    @Test
    void isShownAsItWouldBeQueued() throws Exception {
        MessageId id = rig.submit("s@example.org", TEXT, "x@a.example", "z@b.example", "y@a.example");
        assertThat(entries(QueueFilter.ALL)).hasSize(2).allSatisfy(entry -> {
            assertThat(entry.id()).isEqualTo(id.value());
            assertThat(entry.state()).isEqualTo(State.READY);
            assertThat(entry.inMemory()).isFalse();
            assertThat(entry.due()).isEmpty();
            assertThat(entry.reason()).contains("no relay has it in memory");
        });
        QueueEntry one = only(filter(Optional.of("a.example"), Optional.empty(), Optional.empty()));
        assertThat(one.recipients()).containsExactly("x@a.example", "y@a.example");
        QueueEntry other = only(filter(Optional.empty(), Optional.of("alice"), Optional.empty()));
        assertThat(other.domain()).isEqualTo("b.example");
        assertThat(entries(QueueFilter.of(Set.of(id)))).hasSize(2);
        assertThat(entries(QueueFilter.of(Set.of(new MessageId("none"))))).isEmpty();
        assertThat(rig.engine.queue().header(id))
                .hasValueSatisfying(header -> assertThat(header).asString().isEqualTo("Subject: x\r\n"));
    }

    @Test
    void isLeftOutWhereOnlyWhatIsInMemoryIsMeant() throws Exception {
        rig.submit("s@example.org", TEXT, "x@a.example");
        assertThat(entries(QueueFilter.ALL.onlyInMemory())).isEmpty();
        assertThat(apply(QueueAction.REMOVE, QueueFilter.ALL.onlyInMemory())).isEqualTo(new QueueChange(0, 0, 0));
        assertThat(rig.spool.left()).hasSize(1);
    }

    @Test
    void isShownWithItsTimeAndTriedAtOnceWhereAnOperatorWantsIt() throws Exception {
        MessageId id = givenBack();
        QueueEntry waiting = only(QueueFilter.of(Set.of(id)));
        assertThat(waiting.state()).isEqualTo(State.DELAYED);
        assertThat(waiting.attempts()).isEqualTo(1);
        assertThat(waiting.due().orElseThrow()).isAfter(clock.instant());
        assertThat(apply(QueueAction.RELEASE, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 1, 0));
        assertThat(apply(QueueAction.RETRY, QueueFilter.ALL)).isEqualTo(new QueueChange(1, 0, 0));
        assertThat(states()).containsExactly(new RecipientState(false, 1, clock.instant(), false));
        takeUp();
        eventually(() -> peer.messageCount() == 1 && rig.spool.left().isEmpty());
    }

    @Test
    void staysOnHoldUntilItIsReleased() throws Exception {
        MessageId id = givenBack();
        assertThat(apply(QueueAction.HOLD, QueueFilter.of(Set.of(id)))).isEqualTo(new QueueChange(1, 0, 0));
        assertThat(apply(QueueAction.HOLD, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 1, 0));
        assertThat(only(QueueFilter.ALL).state()).isEqualTo(State.ON_HOLD);
        assertThat(only(QueueFilter.ALL).reason()).contains("put on hold by an operator");
        clock.pass(Duration.ofHours(2));
        takeUp();
        assertThat(peer.messageCount()).isZero();
        assertThat(apply(QueueAction.RELEASE, QueueFilter.ALL)).isEqualTo(new QueueChange(1, 0, 0));
        takeUp();
        eventually(() -> peer.messageCount() == 1);
    }

    @Test
    void isChangedForTheRecipientsThatAreMeant() throws Exception {
        rig.submit("s@example.org", TEXT, "x@a.example", "y@a.example", "z@b.example");
        assertThat(apply(QueueAction.HOLD, recipient("y@a.example"))).isEqualTo(new QueueChange(1, 0, 0));
        assertThat(states()).extracting(RecipientState::onHold).containsExactly(false, true, false);
        assertThat(entries(QueueFilter.ALL)).hasSize(3);
        assertThat(apply(QueueAction.REMOVE, recipient("*@a.example"))).isEqualTo(new QueueChange(2, 0, 0));
        assertThat(states()).extracting(RecipientState::settled).containsExactly(true, true, false);
        assertThat(apply(QueueAction.REMOVE, QueueFilter.ALL)).isEqualTo(new QueueChange(1, 0, 0));
        assertThat(rig.spool.left()).isEmpty();
        assertThat(peer.messageCount()).isZero();
    }

    @Test
    void isLeftAloneIfARelayTakesItUpBeforeTheChange() throws Exception {
        rig.submit("s@example.org", TEXT, "x@a.example");
        QueueChange change = rig.engine.queue().apply(QueueAction.HOLD, QueueFilter.ALL, done -> takeUp());
        assertThat(change).isEqualTo(new QueueChange(0, 1, 0));
        eventually(() -> peer.messageCount() == 1);
    }

    @Test
    void isNotShownTwiceIfItWasMetInMemory() throws Exception {
        rig.spool.holdsNoMore = false;
        peer.replyAt(Stage.RCPT, "grey@a.example", "451 4.7.1 come back later");
        rig.submit("s@example.org", TEXT, "grey@a.example");
        eventually(() -> entries(QueueFilter.ALL).stream().anyMatch(entry -> entry.state() == State.DELAYED));
        rig.spool.takesBack = true;
        List<QueueEntry> told = new ArrayList<>();
        rig.engine.queue().visit(QueueFilter.ALL, entry -> {
            told.add(entry);
            giveBack(entry);
        });
        assertThat(told).hasSize(1);
    }

    private void giveBack(QueueEntry entry) {
        try {
            rig.spool.defer(
                    new MessageId(entry.id()),
                    List.of(new RecipientUpdate(
                            0, new RecipientState(false, 1, entry.due().orElseThrow()))));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void isChangedManyAtOnce() throws Exception {
        for (int i = 0; i < 600; i++) {
            rig.submit("s" + i + "@example.org", TEXT, "z@b.example");
        }
        List<Long> steps = new ArrayList<>();
        QueueChange change = rig.engine.queue().apply(QueueAction.HOLD, QueueFilter.ALL, steps::add);
        assertThat(change).isEqualTo(new QueueChange(600, 0, 0));
        assertThat(steps).isSorted().last().isEqualTo(600L);
        assertThat(entries(QueueFilter.ALL)).hasSize(600).allMatch(entry -> entry.state() == State.ON_HOLD);
    }

    @Test
    void isMissingWithAnErrorIfTheSpoolCannotBeRead() throws Exception {
        rig.spool.holdsNoMore = false;
        peer.replyAt(Stage.RCPT, "grey@a.example", "451 4.7.1 come back later");
        rig.submit("s@example.org", TEXT, "grey@a.example");
        eventually(() -> entries(QueueFilter.ALL).stream().anyMatch(entry -> entry.state() == State.DELAYED));
        rig.spool.unreadable = true;
        List<QueueEntry> told = new ArrayList<>();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> rig.engine.queue().visit(QueueFilter.ALL, told::add))
                .withMessage("what waits in the spool alone could not be read: input/output error");
        assertThat(told).as("what is in memory").hasSize(1);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> apply(QueueAction.RETRY, QueueFilter.ALL));
    }

    @Test
    void waitsUnseenUntilAConfigurationSaysWhereItGoes() throws Exception {
        rig.close();
        rig = rig.restarted(clock);
        rig.submit("s@example.org", TEXT, "x@a.example");
        rig.spool.holdsNoMore = true;
        assertThat(entries(QueueFilter.ALL)).isEmpty();
        assertThat(apply(QueueAction.REMOVE, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 0, 0));
        assertThat(rig.spool.left()).hasSize(1);
    }

    @Test
    void staysAsItWasIfTheSpoolCannotNoteTheChange() throws Exception {
        rig.submit("s@example.org", TEXT, "x@a.example");
        rig.spool.forgetful = true;
        assertThat(apply(QueueAction.HOLD, QueueFilter.ALL)).isEqualTo(new QueueChange(0, 0, 1));
        assertThat(only(QueueFilter.ALL).state()).isEqualTo(State.READY);
    }

    @Test
    void isNotReadToTheEndForSomebodyWhoHasGone() throws Exception {
        rig.submit("s@example.org", TEXT, "x@a.example");
        rig.submit("s@example.org", TEXT, "y@a.example");
        List<QueueEntry> told = new ArrayList<>();
        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> rig.engine.queue().visit(QueueFilter.ALL, entry -> {
                    told.add(entry);
                    Thread.currentThread().interrupt();
                }));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(told).hasSize(1);
    }

    @Test
    void isShownMessageByMessage() throws Exception {
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(rig.submit("s@example.org", TEXT, "x" + i + "@a.example", "y@b.example"));
        }
        assertThat(entries(QueueFilter.ALL))
                .extracting(QueueEntry::id)
                .containsExactlyElementsOf(ids.stream()
                        .flatMap(id -> List.of(id.value(), id.value()).stream())
                        .toList());
    }
}
