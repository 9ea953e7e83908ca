// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.waiting;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.postern.bench.Folders;
import org.postern.core.engine.CredentialInbox;
import org.postern.core.engine.EngineComponent;
import org.postern.core.engine.SettingsInbox;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.Submission;
import org.postern.peer.MailPeer;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spool.local.SpoolLocal;

/**
 * The engine with a spool on the disk and one peer, whose mail is kept waiting or let go. There is no container here, so
 * what Declarative Services do is done by hand.
 */
final class WaitingRelay implements AutoCloseable {

    private static final String DOMAIN = "example.com";
    private static final ByteBuffer CONTENT = ByteBuffer.wrap(
            ("Subject: x\r\n\r\n" + "x".repeat(70).concat("\r\n").repeat(14)).getBytes(US_ASCII));
    private static final Envelope ENVELOPE = new Envelope(
            Optional.of(MailAddress.parse("s@example.org")),
            List.of(MailAddress.parse("r@" + DOMAIN)),
            BodyType.SEVEN_BIT,
            false);

    private final boolean contextInMemory;
    private final Path folder;
    private final MailPeer peer;
    private final SpoolLocal spool;
    private final SettingsInbox settings = new SettingsInbox();
    private final EngineComponent engine;
    private final Semaphore held = new Semaphore(0);
    private final Semaphore delivered = new Semaphore(0);
    private long generation;

    private WaitingRelay(boolean contextInMemory) throws IOException {
        this.contextInMemory = contextInMemory;
        this.folder = Files.createTempDirectory("postern-bench-");
        this.peer = MailPeer.builder().countOnly().start();
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> method.getName().equals("getProperty") ? folder.toString() : null);
        this.spool = new SpoolLocal(context, Map.of());
        this.engine = new EngineComponent(context, spool, settings, new CredentialInbox());
        call(engine, "bindListener", (DeliveryListener) this::happened);
    }

    /** @param contextInMemory what {@code Keep_Message_Dicts_In_Memory} says */
    static WaitingRelay start(boolean contextInMemory) throws IOException {
        return new WaitingRelay(contextInMemory);
    }

    private void happened(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.AttemptEnded ended) {
            switch (ended.outcome()) {
                case DeliveryOutcome.Delivered good -> delivered.release();
                case DeliveryOutcome.Held waits -> held.release();
                default -> throw new IllegalStateException(ended.outcome().toString());
            }
        }
    }

    /** Whether mail waits. */
    void suspend(boolean suspended) {
        SettingsSnapshot.Builder next = SettingsSnapshot.builder(++generation);
        put(next, ScopePath.GLOBAL, OutboundSettings.KEEP_MESSAGE_DICTS_IN_MEMORY, contextInMemory);
        put(next, ScopePath.GLOBAL, OutboundSettings.SUSPEND_DELIVERY, suspended);
        put(next, ScopePath.ofDomain(DOMAIN), OutboundSettings.ROUTES, List.of("smtp://127.0.0.1:" + peer.port()));
        settings.changed(next.build());
    }

    private static <T> void put(SettingsSnapshot.Builder next, ScopePath place, Setting<T> setting, T value) {
        next.put(place, setting, new Located<>(Optional.of(value), new Origin("bench.conf", 1, 1)));
    }

    void submit(Map<String, String> context) throws IOException {
        try (Submission submission = engine.submit()) {
            submission.write(CONTENT.duplicate());
            submission.accept(ENVELOPE, Binding.DEFAULT, context);
        }
    }

    void awaitWaiting(int messages) throws InterruptedException {
        held.acquire(messages);
    }

    void awaitDelivered(int messages) throws InterruptedException {
        delivered.acquire(messages);
    }

    @Override
    public void close() throws IOException {
        call(engine, "deactivate");
        call(spool, "close");
        peer.close();
        Folders.delete(folder);
    }

    private static void call(Object component, String name, Object... arguments) {
        try {
            Method method = Stream.of(component.getClass().getDeclaredMethods())
                    .filter(each -> each.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
            method.setAccessible(true);
            method.invoke(component, arguments);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the component is used in another way now", changed);
        }
    }
}
