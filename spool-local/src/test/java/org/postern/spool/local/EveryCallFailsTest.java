// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpooledMessage;
import org.postern.spool.local.SimulatedDisk.Fault;

/**
 * Everything that an engine does with a spool, and every call to the disk that this takes, reading and opening included: each
 * call fails once, in every way. What was promised holds then, after the process has gone on, after it was killed, and after
 * the power was cut.
 */
class EveryCallFailsTest {

    private static final SpoolOptions SMALL = new SpoolOptions(SegmentHeader.LENGTH + 4096, 1024, 1024, 0, 2048);
    private static final InstantSource CLOCK = InstantSource.fixed(Mail.RECEIVED);
    private static final double[] CHANCES = {0, 1, 0.5};
    private static final int LARGE = 3_000;
    private static final long SEED = 61;

    /** What is done while calls fail; opening the spool is part of it where it says so. */
    enum Scenario {
        START(true, (history, spool) -> {}),
        RECOVER(true, (history, spool) -> history.read(spool)),
        ACCEPT(false, (history, spool) -> history.accept(spool, 300)),
        ACCEPT_LARGE(false, (history, spool) -> {
            // The first begins a segment, which flushes the directory for both.
            history.accept(spool, 10);
            history.accept(spool, LARGE);
        }),
        ACCEPT_MANY(false, (history, spool) -> {
            for (int i = 0; i < 10; i++) {
                history.accept(spool, 900);
            }
        }),
        DELIVER(false, (history, spool) -> {
            history.read(spool);
            history.settle(spool);
        }),
        SETTLE(false, (history, spool) -> {
            for (int i = 0; i < 8; i++) {
                history.settle(spool);
            }
        }),
        DEFER(false, (history, spool) -> history.defer(spool)),
        HOLD(false, (history, spool) -> history.hold(spool)),
        REMOVE(false, (history, spool) -> history.remove(spool)),
        COMPACT(false, (history, spool) -> {
            for (int i = 0; i < 20; i++) {
                history.settle(spool);
            }
            spool.tidy();
            history.read(spool);
        });

        private final boolean opens;
        private final BiConsumer<History, LocalSpool> work;

        Scenario(boolean opens, BiConsumer<History, LocalSpool> work) {
            this.opens = opens;
            this.work = work;
        }
    }

    /** How much is held in memory. */
    Parking parking() {
        return Mail.ALL_HELD;
    }

    private LocalSpool open(SimulatedDisk disk) throws IOException {
        return LocalSpool.openIdle(disk, SMALL, CLOCK, parking());
    }

    /** A spool of some segments, large and small messages, and results of deliveries; the same each time. */
    private SimulatedDisk used(History history) throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (LocalSpool spool = open(disk)) {
            history.accept(spool, LARGE);
            history.use(spool, 30);
            history.accept(spool, LARGE);
            history.accept(spool, 10);
        }
        return disk.afterKill();
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void keepsEveryPromiseWhenAnyCallFailsOnce(Scenario scenario) throws IOException {
        for (Fault fault : List.of(Fault.ERROR, Fault.FULL, Fault.SHORT, Fault.DESCRIPTORS, Fault.POWER)) {
            int calls = 1;
            // After the last call as well: what was promised then must hold though nothing follows that would flush it.
            for (int at = 1; at <= calls + 1; at++) {
                calls = fail(scenario, fault, at);
            }
            assertThat(calls).as("calls in %s", scenario).isPositive();
        }
    }

    /** @return how many calls there were */
    private int fail(Scenario scenario, Fault fault, int at) throws IOException {
        History history = new History(SEED);
        SimulatedDisk disk = used(history);
        int calls = work(scenario, history, disk, fault, at);
        assertThat(disk.isForcedAgain()).as("a failed flush is not tried again").isFalse();
        for (double chance : CHANCES) {
            goOn(disk.afterPowerCut(new Random(at), chance), history);
        }
        goOn(disk.afterKill(), history);
        return calls;
    }

    private int work(Scenario scenario, History history, SimulatedDisk disk, Fault fault, int at) throws IOException {
        if (scenario.opens) {
            disk.failingAtCall(fault, at, false);
        }
        int calls = 0;
        try (LocalSpool spool = open(disk)) {
            if (!scenario.opens) {
                disk.failingAtCall(fault, at, false);
            }
            scenario.work.accept(history, spool);
            calls = disk.changes();
            disk.failing(Fault.NONE, 0, false);
            if (fault != Fault.POWER) {
                worksAgain(spool, history);
            }
        } catch (IOException notOpened) {
            assertThat(scenario.opens || disk.isDead())
                    .as("%s at %d", fault, at)
                    .isTrue();
            calls = Math.max(calls, disk.changes() + 1);
        }
        return calls;
    }

    /** What failed once has left nothing behind that keeps mail from coming in, going out or being settled. */
    private void worksAgain(LocalSpool spool, History history) throws IOException {
        history.check(spool);
        spool.tidy();
        history.accept(spool, 20);
        history.settle(spool);
        history.check(spool);
        MessageId id = Mail.accept(spool, 1, Mail.content(-2, 10)).id();
        spool.record(id, List.of(Mail.settled(0)));
        assertThat(spool.find(id)).isEmpty();
    }

    private void goOn(SimulatedDisk disk, History history) throws IOException {
        try (LocalSpool spool = open(disk)) {
            history.check(spool);
            spool.tidy();
            history.check(spool);
            Mail.accept(spool, 1, Mail.content(-1, 10));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ERROR", "FULL", "DESCRIPTORS"})
    void promisesNothingMoreThanItCanKeepWhenCallsFailForGood(Fault fault) throws IOException {
        for (int at = 1; at <= 40; at++) {
            History history = new History(SEED);
            SimulatedDisk disk = used(history);
            try (LocalSpool spool = open(disk)) {
                disk.failingAtCall(fault, at, true);
                history.use(spool, 30);
                disk.failing(Fault.NONE, 0, false);
                worksAgain(spool, history);
            }
            for (double chance : CHANCES) {
                goOn(disk.afterPowerCut(new Random(at), chance), history);
            }
        }
    }

    @Test
    void notesEveryDeliveryThoughNoFileCanBeOpened() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        List<MessageId> accepted = new ArrayList<>();
        try (LocalSpool spool = open(disk)) {
            for (int i = 0; i < 200; i++) {
                accepted.add(Mail.accept(spool, 1, Mail.content(i, 100)).id());
            }
            disk.failingAtCall(Fault.DESCRIPTORS, 1, true);
            for (MessageId id : accepted) {
                assertThat(Mail.read(spool, id)).hasSize(100);
                spool.record(id, List.of(Mail.settled(0)));
            }
        }
        try (LocalSpool spool = open(disk.afterPowerCut(new Random(1), 0))) {
            List<SpooledMessage> left = Mail.recover(spool);
            assertThat(left).isEmpty();
        }
    }
}
