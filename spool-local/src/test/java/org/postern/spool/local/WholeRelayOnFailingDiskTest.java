// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.MessageId;
import org.postern.spi.settings.Throttle;
import org.postern.spi.spool.SpooledMessage;
import org.postern.spool.local.SimulatedDisk.Fault;

/**
 * The whole relay, from the client's connection to the peer's, on a disk of which each call fails once in every way. Calls
 * are not the same each time, since deliveries run beside each other; so each run is judged by what was said in it.
 */
@Timeout(600)
class WholeRelayOnFailingDiskTest {

    private static final Throttle NO_LIMIT = new Throttle(1_000, Duration.ofHours(1));
    private static final long CAPACITY = 1L << 30;
    private static final int SMALL = 100;
    private static final int LARGE = 3_000;

    /** What is done while a call fails. */
    enum Scenario {
        ACCEPT_AND_DELIVER {
            @Override
            void play(Conversation with) throws IOException {
                with.send(SMALL, "a@example.com");
                with.send(LARGE, "b@example.com");
            }
        },
        PUT_OFF_AND_TRY_AGAIN {
            @Override
            void play(Conversation with) throws IOException {
                with.send(SMALL, WholeRelay.LATE);
                with.send(SMALL, "a@example.com");
            }
        },
        MIXED_RESULTS {
            @Override
            void play(Conversation with) throws IOException {
                with.send(LARGE, "a@example.com", WholeRelay.UNKNOWN, WholeRelay.LATE);
            }
        },
        NOTIFY {
            @Override
            void play(Conversation with) throws IOException {
                with.send(SMALL, WholeRelay.UNKNOWN);
                with.send(LARGE, WholeRelay.UNKNOWN);
            }
        },
        RESTART {
            @Override
            void prepare(Conversation with) throws IOException {
                with.send(SMALL, WholeRelay.LATE, "a@example.com");
                with.send(LARGE, WholeRelay.GONE);
            }

            @Override
            void play(Conversation with) throws IOException {
                with.restart();
            }
        };

        /** What is done before. */
        void prepare(Conversation with) throws IOException {}

        abstract void play(Conversation with) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void keepsEveryPromiseWhenAnyCallFailsOnce(Scenario scenario) throws IOException {
        for (Fault fault : new Fault[] {Fault.ERROR, Fault.FULL, Fault.SHORT, Fault.DESCRIPTORS}) {
            int at = 1;
            while (fails(scenario, fault, at)) {
                at++;
            }
            assertThat(at).as("calls in %s", scenario).isGreaterThan(5);
        }
    }

    /** @return whether there was such a call */
    private static boolean fails(Scenario scenario, Fault fault, int at) throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (WholeRelay relay = new WholeRelay(disk, NO_LIMIT)) {
            relay.start();
            Conversation conversation = new Conversation(relay, fault + " at " + at);
            scenario.prepare(conversation);
            relay.awaitQuiet();
            disk.failingAtCall(fault, at, false);
            scenario.play(conversation);
            conversation.end();
            boolean failed = disk.changes() >= at;
            conversation.judge();
            assertThat(conversation.refusals())
                    .as("%s at %d", fault, at)
                    .allMatch(reply -> reply.startsWith(fault == Fault.FULL ? "452 4.3.1 " : "45"));
            relay.stop();
            assertThat(disk.isForcedAgain())
                    .as("a failed flush is not tried again")
                    .isFalse();
            assertThat(left(disk.afterKill()))
                    .as("%s at %d, then killed", fault, at)
                    .isEmpty();
            assertThat(left(disk.afterPowerCut(new Random(at), 0)))
                    .as("%s at %d, then cut off", fault, at)
                    .isEmpty();
            return failed;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ERROR", "FULL", "DESCRIPTORS"})
    void goesOnWhenTheDiskIsWellAgainAndRepeatsNothingButWhatCouldNotBeNoted(Fault fault) throws IOException {
        int at = 1;
        while (failsForAWhile(fault, at)) {
            at++;
        }
        assertThat(at).isGreaterThan(5);
    }

    /** @return whether there was such a call */
    private static boolean failsForAWhile(Fault fault, int at) throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (WholeRelay relay = new WholeRelay(disk, NO_LIMIT)) {
            relay.start();
            Conversation conversation = new Conversation(relay, fault + " from " + at);
            conversation.send(SMALL, WholeRelay.LATE);
            conversation.send(SMALL, WholeRelay.GONE);
            relay.awaitQuiet();
            disk.failingAtCall(fault, at, true);
            conversation.tryToSend(SMALL, "a@example.com");
            relay.letTimePass();
            conversation.tryToSend(LARGE, "b@example.com");
            relay.letTimePass();
            boolean failed = disk.changes() >= at;
            disk.failing(Fault.NONE, 0, false);
            relay.letTimePass();
            assertThat(conversation.tryToSend(SMALL, "c@example.com"))
                    .as("%s from %d", fault, at)
                    .startsWith("250 ");
            conversation.end();
            conversation.judge();
            Set<MessageId> unnoted = relay.unnoted();
            relay.stop();
            assertThat(disk.isForcedAgain())
                    .as("a failed flush is not tried again")
                    .isFalse();
            assertThat(fault == Fault.DESCRIPTORS ? unnoted : Set.of())
                    .as("deliveries need no file")
                    .isEmpty();
            assertThat(left(disk.afterKill()))
                    .as("%s from %d, then killed", fault, at)
                    .allMatch(message -> unnoted.contains(message.id()));
            return failed;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void losesNothingThatWasPromisedWhenThePowerFailsAtAnyCall(double chance) throws IOException {
        int at = 1;
        while (losesPower(at, chance)) {
            at++;
        }
        assertThat(at).isGreaterThan(5);
    }

    /** @return whether there was such a call */
    private static boolean losesPower(int at, double chance) throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (WholeRelay relay = new WholeRelay(disk, NO_LIMIT)) {
            relay.start();
            Conversation conversation = new Conversation(relay, "power fails at " + at);
            conversation.send(LARGE, WholeRelay.LATE);
            conversation.send(SMALL, WholeRelay.GONE);
            relay.awaitQuiet();
            disk.failingAtCall(Fault.POWER, at, false);
            conversation.tryToSend(SMALL, "a@example.com", WholeRelay.UNKNOWN);
            conversation.tryToSend(LARGE, "b@example.com");
            relay.letTimePass();
            relay.startAfterPowerCut(new Random(at), chance);
            conversation.end();
            conversation.judgeAfterPowerCut();
            return disk.isDead();
        }
    }

    /** Neither what is delivered nor what fails while the disk is full is forgotten, and no limit counts a notification twice. */
    @Test
    void deliversAndNotifiesThoughTheDiskIsFullForAWhile() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (WholeRelay relay = new WholeRelay(disk, new Throttle(1, Duration.ofHours(1)))) {
            relay.start();
            Conversation conversation = new Conversation(relay, "full");
            conversation.send(SMALL, WholeRelay.LATE);
            conversation.send(SMALL, WholeRelay.GONE);
            relay.awaitQuiet();
            disk.fill();
            assertThat(conversation.tryToSend(SMALL, "a@example.com")).startsWith("452 4.3.1 ");
            for (int i = 0; i < 5; i++) {
                relay.letTimePass();
            }
            assertThat(conversation.tryToSend(LARGE, "b@example.com")).startsWith("452 4.3.1 ");
            assertThat(relay.peer().messages()).hasSize(1);

            disk.withCapacity(CAPACITY);
            relay.letTimePass();
            conversation.send(SMALL, "c@example.com");
            conversation.end();
            conversation.judge();
            relay.stop();
            assertThat(left(disk.afterKill())).isEmpty();
        }
    }

    /** What would be sent again. */
    private static List<SpooledMessage> left(SimulatedDisk disk) throws IOException {
        try (LocalSpool spool = LocalSpool.openIdle(disk, WholeRelay.SMALL, Clock.systemUTC(), Mail.ALL_HELD)) {
            return Mail.recover(spool);
        }
    }
}
