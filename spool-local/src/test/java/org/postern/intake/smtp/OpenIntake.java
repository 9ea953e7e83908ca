// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.postern.engine.DeliveryEngine;

/** The real listener without a container, on a free port of the loopback interface. */
public final class OpenIntake implements AutoCloseable {

    private final Listener listener;

    /** Opens it before this engine. */
    public OpenIntake(DeliveryEngine engine) {
        ListenerConfiguration configuration = ListenerConfiguration.read(Map.of(
                "postern.config.directory", "/etc/postern",
                "postern.config.generation", "1",
                "banner_hostname", "mx.example",
                "listen", new String[] {"127.0.0.1:0"}));
        listener = new Listener(
                configuration.listeners().getFirst(),
                () -> Optional.of(engine),
                address -> () -> {},
                Duration.ofSeconds(5));
        listener.open();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address().orElseThrow();
    }

    @Override
    public void close() {
        listener.stopAccepting();
        listener.drain(Duration.ofSeconds(20));
    }
}
