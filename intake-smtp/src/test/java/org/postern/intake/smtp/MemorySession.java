// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Runs a session without a socket. */
final class MemorySession {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T08:09:10Z"), ZoneOffset.UTC);

    /** What clients of such sessions come from. */
    static final int PORT = 49_152;

    private MemorySession() {}

    static MemoryWire talk(FakeEngine engine, ListenSettings settings, MemoryWire wire) throws IOException {
        SessionContext context = new SessionContext(
                settings,
                InetAddress.getLoopbackAddress(),
                PORT,
                "token",
                () -> Optional.of(engine),
                () -> false,
                CLOCK,
                System::nanoTime,
                new Complaints(System::nanoTime));
        new Session(context, wire).run();
        return wire;
    }

    static MemoryWire talk(FakeEngine engine, ListenSettings settings, String... pieces) throws IOException {
        byte[][] octets = new byte[pieces.length][];
        for (int i = 0; i < pieces.length; i++) {
            octets[i] = pieces[i].getBytes(StandardCharsets.UTF_8);
        }
        return talk(engine, settings, new MemoryWire(octets));
    }
}
