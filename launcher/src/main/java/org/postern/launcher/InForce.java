// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.ServiceListener;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.Services;
import org.postern.launcher.container.Verb;

/** Whether a configuration has come into force in a container, and all that it configures has settled. */
final class InForce {

    private static final String SETTINGS = "org.postern.spi.settings.SettingsStore";

    /** A store or a hook may come up a moment after its stanza. */
    private static final Duration QUIET = Duration.ofMillis(400);

    private final Container container;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long lastChange = System.nanoTime();
    private boolean right;
    private List<String> reasons = List.of("no configuration came into force");

    InForce(Container container) {
        this.container = container;
    }

    /** Waits until it is clear. */
    InForce await(Duration atMost) {
        ServiceListener listener = event -> noteChange();
        container.context().addServiceListener(listener);
        try {
            settle(System.nanoTime() + atMost.toNanos());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            container.context().removeServiceListener(listener);
        }
        return this;
    }

    private void noteChange() {
        lock.lock();
        try {
            lastChange = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void settle(long deadline) throws InterruptedException {
        lock.lock();
        try {
            while (!isSettled() && System.nanoTime() < deadline) {
                changed.await(50, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isSettled() {
        if (System.nanoTime() - lastChange < QUIET.toNanos()) {
            return false;
        }
        right = new Services(container.context()).present(SETTINGS);
        return right || isWrong();
    }

    private boolean isWrong() {
        Optional<Verb> status = Verb.find(container.context(), "config-status");
        if (status.isEmpty()) {
            return false;
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = status.get().run(List.of(), InputStream.nullInputStream(), print, print);
        if (code == ExitCode.CONFIGURATION) {
            reasons = said.toString(StandardCharsets.UTF_8).lines().toList();
        }
        return code == ExitCode.CONFIGURATION;
    }

    boolean isRight() {
        return right;
    }

    /** What is wrong, if something is. */
    List<String> reasons() {
        return reasons;
    }
}
