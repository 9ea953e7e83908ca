// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** A listener on a free port of the loopback interface, with a fake engine behind it. */
final class OpenListener implements AutoCloseable {

    final FakeEngine engine = new FakeEngine();
    final Listener listener;
    volatile boolean engineThere = true;

    OpenListener(Settings settings) {
        listener = new Listener(
                settings.read(),
                () -> engineThere ? Optional.of(engine) : Optional.empty(),
                address -> () -> {},
                Duration.ofMillis(100));
        listener.open();
    }

    static OpenListener withDefaults() {
        return new OpenListener(Settings.listen("127.0.0.1:0"));
    }

    InetSocketAddress address() {
        return listener.address().orElseThrow();
    }

    @Override
    public void close() {
        listener.stopAccepting();
        listener.drain(Duration.ofSeconds(2));
    }
}
