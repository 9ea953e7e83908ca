// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import com.google.inject.util.Modules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.Submission;
import org.postern.engine.dto.QueueView;
import org.postern.peer.MailPeer;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/** The whole engine without a container: real sockets, real queues, a spool in memory. */
final class EngineRig implements AutoCloseable {

    static final InstalledMechanism PLAIN =
            new InstalledMechanism("PLAIN", 20, true, Set.of("password"), "test 1.0", 1);

    final MemorySpool spool;
    final List<DeliveryEvent> events = new CopyOnWriteArrayList<>();
    final Engine engine;
    private long generation;

    EngineRig() throws IOException {
        this(Clock.systemUTC());
    }

    EngineRig(Clock clock) throws IOException {
        this(clock, new MemorySpool(), Optional.empty(), Optional.empty());
    }

    /** With a directory for what has to outlive a restart. */
    EngineRig(Clock clock, Path state) throws IOException {
        this(clock, new MemorySpool(), Optional.of(state), Optional.empty());
    }

    /** With others beside it. */
    EngineRig(Optional<SharedRegisters> registers) throws IOException {
        this(Clock.systemUTC(), new MemorySpool(), Optional.empty(), registers);
    }

    /** With both. */
    EngineRig(Path state, Optional<SharedRegisters> registers) throws IOException {
        this(Clock.systemUTC(), new MemorySpool(), Optional.of(state), registers);
    }

    private EngineRig(Clock clock, MemorySpool spool, Optional<Path> state, Optional<SharedRegisters> registers)
            throws IOException {
        this.spool = spool;
        engine = Guice.createInjector(Modules.override(new EngineModule(spool, state, registers))
                        .with(binder -> binder.bind(Clock.class).toInstance(clock)))
                .getInstance(Engine.class);
        engine.listenerArrived(events::add);
        engine.start(spool);
    }

    /** Another engine on the same spool. */
    EngineRig restarted() throws IOException {
        return restarted(Clock.systemUTC());
    }

    /** The same, by another clock. */
    EngineRig restarted(Clock clock) throws IOException {
        return new EngineRig(clock, spool, Optional.empty(), Optional.empty());
    }

    EngineRig withPlain() {
        engine.mechanismArrived(PLAIN, new PlainForTests());
        return this;
    }

    /** A peer that takes mail after {@code AUTH PLAIN} only, and knows alice, whose password is wonderland. */
    static MailPeer.Builder peerForAlice() {
        return MailPeer.builder().mechanisms("PLAIN").requireAuth().account("alice", "wonderland");
    }

    /** A configuration under construction. */
    final class Configuration {

        private final SettingsSnapshot.Builder builder = SettingsSnapshot.builder(++generation);
        private int line;

        <T> Configuration global(Setting<T> setting, T value) {
            return at(ScopePath.GLOBAL, setting, value);
        }

        <T> Configuration domain(String domain, Setting<T> setting, T value) {
            return at(ScopePath.ofDomain(domain), setting, value);
        }

        Configuration route(String domain, int port) {
            return domain(domain, OutboundSettings.ROUTES, List.of("smtp://127.0.0.1:" + port));
        }

        /** Hosts in order, each with its port. */
        Configuration routes(String domain, int... ports) {
            List<String> hosts = IntStream.of(ports)
                    .mapToObj(port -> "smtp://127.0.0.1:" + port)
                    .toList();
            return domain(domain, OutboundSettings.ROUTES, hosts);
        }

        Configuration login(String domain, String user, String password) {
            return domain(domain, OutboundAuthSettings.USER, user)
                    .domain(domain, OutboundAuthSettings.PASS, Secret.of(password));
        }

        Configuration declare(ScopePath place) {
            builder.declare(place);
            return this;
        }

        <T> Configuration put(ScopePath place, Setting<T> setting, T value) {
            return at(place, setting, value);
        }

        private <T> Configuration at(ScopePath place, Setting<T> setting, T value) {
            builder.put(place, setting, new Located<>(Optional.of(value), new Origin("/nowhere/test.conf", ++line, 1)));
            return this;
        }

        /** A global setting that is cancelled. */
        Configuration off(Setting<?> setting) {
            return cancelled(setting);
        }

        private <T> Configuration cancelled(Setting<T> setting) {
            builder.put(
                    ScopePath.GLOBAL,
                    setting,
                    new Located<>(Optional.empty(), new Origin("/nowhere/test.conf", ++line, 1)));
            return this;
        }

        /** A stanza without whose bundle no mail moves. */
        Configuration deciding(String digest, String title) {
            builder.declareDeciding(digest, title);
            return this;
        }

        SettingsSnapshot snapshot() {
            return builder.build();
        }

        void apply() {
            engine.configured(snapshot());
        }
    }

    Configuration configure() {
        return new Configuration();
    }

    MessageId submit(String from, String text, String... to) throws IOException {
        return submit(from, text, Map.of(), to);
    }

    MessageId submit(String from, String text, Map<String, String> context, String... to) throws IOException {
        try (Submission submission = engine.intake().submit()) {
            submission.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
            return accept(
                    submission, from.isEmpty() ? Optional.empty() : Optional.of(MailAddress.parse(from)), context, to);
        }
    }

    MessageId accept(Submission submission, Optional<MailAddress> from, Map<String, String> context, String... to)
            throws IOException {
        List<MailAddress> recipients =
                List.of(to).stream().map(MailAddress::parse).toList();
        return submission.accept(new Envelope(from, recipients, BodyType.SEVEN_BIT, false), Binding.DEFAULT, context);
    }

    static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /** So much over all queues. */
    int inQueues(ToIntFunction<QueueView> what) {
        return engine.runtime().queues().stream().mapToInt(what).sum();
    }

    <O extends DeliveryOutcome> List<O> outcomes(Class<O> kind) {
        return events.stream()
                .filter(DeliveryEvent.AttemptEnded.class::isInstance)
                .map(event -> ((DeliveryEvent.AttemptEnded) event).outcome())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** May be called twice. */
    @Override
    public void close() {
        engine.stop();
    }

    /** A store whose passwords tests change. */
    static final class Store implements CredentialStore {

        private record Entry(String user, String password, int version) {}

        private final Map<String, Entry> entries = new ConcurrentHashMap<>();
        volatile boolean broken;

        void put(String key, String user, String password) {
            entries.compute(key, (ignored, old) -> new Entry(user, password, old == null ? 1 : old.version() + 1));
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Lookup lookup(CredentialRef ref) {
            if (broken) {
                return new Lookup.StoreUnavailable("the test store is sealed");
            }
            Entry entry = entries.get(ref.key());
            return entry == null
                    ? new Lookup.NoSuchCredential("the test store has no " + ref)
                    : new Lookup.Found(new PasswordCredential(
                            entry.user(),
                            Secret.of(entry.password()),
                            new CredentialVersion("v" + entry.version()),
                            Optional.empty(),
                            Set.of()));
        }
    }
}
