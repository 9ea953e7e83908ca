// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spool.local.SimulatedDisk.Fault;

/** Every change of the disk fails once, in every way, in many histories; every promise holds. */
class SpoolOnFailingDiskTest {

    private static final SpoolOptions SMALL = new SpoolOptions(SegmentHeader.LENGTH + 4096, 1024, 1024, 0, 2048);
    private static final int STEPS = 60;
    private static final double[] CHANCES = {0, 1, 0.5, 0.1, 0.9};
    private static final InstantSource CLOCK = InstantSource.fixed(Mail.RECEIVED);

    /** How much is held in memory. */
    Parking parking() {
        return Mail.ALL_HELD;
    }

    private LocalSpool open(SimulatedDisk disk) throws IOException {
        return LocalSpool.openIdle(disk, SMALL, CLOCK, parking());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void keepsEveryPromiseWhenPowerFailsAtAnyChange(long seed) throws IOException {
        boolean reached = true;
        for (int at = 1; reached; at++) {
            SimulatedDisk disk = new SimulatedDisk().failing(Fault.POWER, at, false);
            History history = new History(seed);
            useUntilPowerFails(disk, history, STEPS);
            reached = disk.isDead();
            for (double chance : CHANCES) {
                recoverAndGoOn(disk.afterPowerCut(new Random(at), chance), history);
            }
            recoverAndGoOn(disk.afterKill(), history);
        }
    }

    private void useUntilPowerFails(SimulatedDisk disk, History history, int steps) {
        try (LocalSpool spool = open(disk)) {
            history.use(spool, steps);
        } catch (IOException noPower) {
            assertThat(disk.isDead()).isTrue();
        }
    }

    /** What was recovered is stored as well as what was accepted: to tidy and to lose power again changes nothing. */
    private void recoverAndGoOn(SimulatedDisk disk, History history) throws IOException {
        try (LocalSpool spool = open(disk)) {
            history.check(spool);
            spool.tidy();
            history.check(spool);
        }
        try (LocalSpool spool = open(disk.afterPowerCut(new Random(1), 0))) {
            history.check(spool);
            Mail.accept(spool, 1, Mail.content(-1, 10));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void keepsEveryPromiseWhenPowerFailsDuringRecoveryAgainAndAgain(long seed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk().failing(Fault.POWER, 120, false);
        History history = new History(seed);
        useUntilPowerFails(disk, history, STEPS);
        Random random = new Random(seed);
        for (int life = 1; life <= 50; life++) {
            disk = disk.afterPowerCut(random, 0.5).failing(Fault.POWER, life, false);
            useUntilPowerFails(disk, history, 0);
        }
        recoverAndGoOn(disk.afterPowerCut(random, 0.5), history);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void keepsEveryPromiseOverManyLives(long seed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        History history = new History(seed);
        Random random = new Random(seed);
        for (int life = 0; life < 40; life++) {
            disk.failing(Fault.POWER, 1 + random.nextInt(150), false);
            useUntilPowerFails(disk, history, STEPS);
            disk = disk.afterPowerCut(random, CHANCES[life % CHANCES.length]);
            try (LocalSpool spool = open(disk.failing(Fault.NONE, 0, false))) {
                history.check(spool);
                history.settleDoubts(spool);
            }
        }
        assertThat(history.promised()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ERROR", "FULL", "SHORT"})
    void keepsEveryPromiseWhenAnyChangeFailsOnce(Fault fault) throws IOException {
        for (long seed = 31; seed <= 32; seed++) {
            failEach(fault, seed, false);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ERROR", "FULL"})
    void keepsEveryPromiseWhenTheDiskFailsForGood(Fault fault) throws IOException {
        for (long seed = 41; seed <= 41; seed++) {
            failEach(fault, seed, true);
        }
    }

    private void failEach(Fault fault, long seed, boolean fromThenOn) throws IOException {
        for (int at = 1, last = at; at <= last; at++) {
            SimulatedDisk disk = new SimulatedDisk().failing(fault, at, fromThenOn);
            History history = new History(seed);
            try (LocalSpool spool = open(disk)) {
                history.use(spool, STEPS);
                last = Math.max(last, fromThenOn ? Math.min(disk.changes(), 200) : disk.changes());
                disk.failing(Fault.NONE, 0, false);
                history.check(spool);
            } catch (IOException notOpened) {
                assertThat(history.promised()).isZero();
                last++;
            }
            for (double chance : CHANCES) {
                recoverAndGoOn(disk.afterPowerCut(new Random(at), chance), history);
            }
        }
    }

    @Test
    void givesNoNumberTwiceThoughTheClockStands() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        History history = new History(51);
        for (int life = 0; life < 20; life++) {
            try (LocalSpool spool = open(disk)) {
                history.use(spool, STEPS);
                spool.tidy();
            }
            disk = disk.afterPowerCut(new Random(life), 0);
        }
        assertThat(history.promised()).isPositive();
    }
}
