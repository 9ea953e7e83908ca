// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.postern.engine.DeliveryEngine;

/**
 * What a session is given.
 *
 * @param settings of its listener
 * @param peer who it talks with
 * @param port the port that they talk from
 * @param token names the session in the log and in Received fields: letters and digits
 * @param engine the engine at this moment, if there is one
 * @param closing whether the listener is going down
 * @param clock the time of day
 * @param nanoTime for time limits
 * @param complaints of its listener, about what keeps mail out
 */
record SessionContext(
        ListenSettings settings,
        InetAddress peer,
        int port,
        String token,
        Supplier<Optional<DeliveryEngine>> engine,
        BooleanSupplier closing,
        Clock clock,
        LongSupplier nanoTime,
        Complaints complaints) {}
