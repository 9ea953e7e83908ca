// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import com.google.inject.Binder;
import java.time.Clock;
import java.time.Duration;
import org.postern.core.simulation.SimulatedDisk;
import org.postern.core.simulation.SimulatedTime;
import org.postern.core.time.Waits;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.spool.Spool;

/** Breaks a promise on purpose, to see that the simulation finds it. */
interface Sabotage {

    /** Breaks nothing. */
    Sabotage NONE = new Sabotage() {};

    /** The spool that the engine gets. */
    default Spool spool(SimulatedDisk disk) {
        return disk.spool();
    }

    /** How often the timer works. */
    default Duration tick(Duration drawn) {
        return drawn;
    }

    /** How the engine waits. */
    default Waits waits(SimulatedTime time) {
        return time;
    }

    /** How it authenticates. */
    default SaslMechanism mechanism() {
        return new PlainForTests();
    }

    /** Whether each server lets every user in. */
    default boolean sharesAccounts() {
        return false;
    }

    /** Puts other parts in the place of the engine's own. */
    default void configure(Binder binder, Clock clock) {}
}
