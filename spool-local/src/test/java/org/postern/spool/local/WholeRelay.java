// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.core.engine.EngineOnSpool;
import org.postern.intake.smtp.OpenIntake;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.MessageId;
import org.postern.spi.settings.Throttle;
import org.postern.testkit.ManualClock;

/**
 * Listener, engine and spool on a disk under test, with a peer behind them. Time passes only when it is told to; what a
 * relay does by itself in that time is done then.
 */
final class WholeRelay implements AutoCloseable {

    static final SpoolOptions SMALL = new SpoolOptions(SegmentHeader.LENGTH + 4096, 1024, 1024, 0, 2048);

    /** Is put off once, at RCPT. */
    static final String LATE = "late@example.com";

    /** Does not exist. */
    static final String UNKNOWN = "unknown@example.com";

    /** Does not exist either, but that is said only after it was put off once. */
    static final String GONE = "gone@example.com";

    private static final Duration PAUSE = Duration.ofMinutes(2);
    private static final int MOST_PAUSES = 20;

    private final Set<MessageId> unnoted = ConcurrentHashMap.newKeySet();
    private final ManualClock clock = ManualClock.at(Mail.RECEIVED);
    private final MailPeer peer = MailPeer.builder().start();
    private final Set<String> putOff = ConcurrentHashMap.newKeySet();
    private final Throttle notifications;
    private SimulatedDisk disk;
    private Running running;

    /** What ends with the process. */
    private record Running(LocalSpool spool, EngineOnSpool engine, OpenIntake intake) {}

    /** Starts nothing yet. */
    WholeRelay(SimulatedDisk disk, Throttle notifications) throws IOException {
        this.disk = disk;
        this.notifications = notifications;
        peer.override((stage, argument, connection) -> stage == Stage.RCPT ? answer(argument) : Optional.empty());
    }

    private Optional<String> answer(String recipient) {
        if (Set.of(LATE, GONE).contains(recipient) && putOff.add(recipient)) {
            return Optional.of("451 4.3.0 not now");
        }
        return exists(recipient) ? Optional.empty() : Optional.of("550 5.1.1 no such user");
    }

    /** Whether mail for it is taken in the end; its sender is told otherwise. */
    static boolean exists(String recipient) {
        return !Set.of(UNKNOWN, GONE).contains(recipient);
    }

    /** Starts the process. */
    void start() throws IOException {
        disk.usedByAnotherProcess();
        LocalSpool spool = LocalSpool.openIdle(disk, SMALL, clock, Mail.ALL_HELD);
        try {
            EngineOnSpool engine = new EngineOnSpool(new WitnessedSpool(spool, unnoted), clock);
            engine.configure(peer.port(), notifications);
            running = new Running(spool, engine, new OpenIntake(engine.intake()));
        } catch (IOException | RuntimeException failure) {
            spool.close();
            throw failure;
        }
    }

    /** Ends the process in good order, if it runs. */
    void stop() throws IOException {
        if (running != null) {
            running.intake().close();
            running.engine().close();
            running.spool().close();
            running = null;
        }
    }

    /** Ends the process and starts another on a disk that this one may have left when the power failed. */
    void startAfterPowerCut(Random random, double chance) throws IOException {
        stop();
        disk = disk.afterPowerCut(random, chance);
        start();
    }

    /** Returns the reply to the letter. */
    String handIn(Letter letter) throws IOException {
        return letter.handIn(running.intake().address());
    }

    /** Lets deliveries under way end, and then as much time pass as every wait takes. */
    void letTimePass() {
        letTimePass(PAUSE);
    }

    /** Lets deliveries under way end, then so much time pass, and then what is due be done. */
    void letTimePass(Duration time) {
        awaitQuiet();
        clock.advance(time);
        running.spool().tidy();
        running.engine().tick();
        awaitQuiet();
    }

    /** Lets deliveries under way end. */
    void awaitQuiet() {
        await().atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> running.engine().active() == 0);
    }

    /** Goes on until nothing waits; returns whether that came. */
    boolean finish() {
        awaitQuiet();
        for (int i = 0; i < MOST_PAUSES && running.engine().waiting() > 0; i++) {
            letTimePass();
        }
        return running.engine().waiting() == 0;
    }

    /** Of which messages it could not be noted what became of them. */
    Set<MessageId> unnoted() {
        return Set.copyOf(unnoted);
    }

    MailPeer peer() {
        return peer;
    }

    @Override
    public void close() throws IOException {
        stop();
        peer.close();
    }
}
