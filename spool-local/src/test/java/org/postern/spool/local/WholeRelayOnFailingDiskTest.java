// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.spi.settings.Throttle;
import org.postern.spi.spool.SpooledMessage;
import org.postern.spool.local.SimulatedDisk.Fault;

/**
 * The whole relay, from the client's connection to the peer's, on a disk of which each call fails once in every way. Calls
 * are not the same each time, since deliveries run beside each other; so each run is judged by what was said in it.
 */
@Timeout(120)
class WholeRelayOnFailingDiskTest {

    private static final Throttle NO_LIMIT = new Throttle(1_000, Duration.ofHours(1));
    private static final int SMALL = 100;
    private static final int LARGE = 3_000;

    /** What is done while a call fails. */
    enum Scenario {
        ACCEPT_AND_DELIVER {
            @Override
            void play(Conversation with) throws IOException {
                with.send(SMALL, "a@example.com");
                with.send(LARGE, "b@example.com");
                with.send(SMALL, "c@example.com");
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
        };

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

    /** What would be sent again. */
    private static List<SpooledMessage> left(SimulatedDisk disk) throws IOException {
        try (LocalSpool spool = LocalSpool.openIdle(disk, WholeRelay.SMALL, Clock.systemUTC())) {
            return Mail.recover(spool);
        }
    }
}
