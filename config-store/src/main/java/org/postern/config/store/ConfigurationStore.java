// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.config.store.meaning.Loaded;
import org.postern.config.store.meaning.Vocabulary;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.SettingsVocabulary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the file says in force. The file is named by the framework property {@code postern.conf}, absolute or from
 * the working directory. The {@link SettingsStore} service appears with the first configuration that is right and stays
 * until the component goes.
 *
 * <p>Threading: any thread. One virtual thread of its own looks at the files every second.
 */
@Component(service = ConfigurationStore.class, immediate = true)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.postern.spi.settings.SettingsStore\"")
public final class ConfigurationStore {

    /** The framework property that names the main file. */
    static final String MAIN_FILE = "postern.conf";

    /**
     * The framework property that names bundles whose stanzas are read and not handed on, with commas between: in a
     * container that answers questions about a configuration, nobody is to open the ports and spools that it speaks of.
     */
    static final String IDLE = "postern.idle";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationStore.class);
    private static final long SECONDS_BETWEEN_LOOKS = 1;

    private final BundleContext context;
    private final StanzaPublisher stanzas;
    private final ActiveConfiguration configuration;
    private final AttemptLog attempts;
    private final List<SettingsListener> listeners = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
    private volatile boolean stopped;
    private Optional<Thread> watcher = Optional.empty();
    private Optional<ServiceRegistration<SettingsStore>> registration = Optional.empty();

    /** Made by Declarative Services. */
    @Activate
    public ConfigurationStore(BundleContext context, @Reference ConfigurationAdmin admin) {
        this(context, admin, Clock.systemUTC());
    }

    ConfigurationStore(BundleContext context, ConfigurationAdmin admin, Clock clock) {
        this.context = context;
        this.stanzas = new StanzaPublisher(admin, idle(context));
        this.attempts = new AttemptLog(LOG, clock);
        Optional<Path> main =
                Optional.ofNullable(context.getProperty(MAIN_FILE)).map(Path::of);
        this.configuration = new ActiveConfiguration(main, clock, this::tell);
    }

    private static Set<String> idle(BundleContext context) {
        return Optional.ofNullable(context.getProperty(IDLE)).stream()
                .flatMap(names -> Stream.of(names.split(",")))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Begins to look at the files. */
    @Activate
    void start() {
        watcher = Optional.of(Thread.ofVirtual().name("postern-config").start(this::watch));
    }

    /** Stops looking and takes the service back. What bundles were told stays with Configuration Admin. */
    @Deactivate
    void stop() throws InterruptedException {
        stopped = true;
        wake.offer(true);
        if (watcher.isPresent()) {
            watcher.get().join(TimeUnit.SECONDS.toMillis(10));
        }
        configuration.end(() -> registration.ifPresent(ServiceRegistration::unregister));
    }

    /** Learns a bundle's words. They stay known when the bundle goes. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addVocabulary(SettingsVocabulary vocabulary) {
        try {
            configuration.learn(vocabulary);
            wake.offer(true);
        } catch (RuntimeException | LinkageError broken) {
            LOG.error("a vocabulary is broken and ignored: {}", broken.toString());
        }
    }

    /** Nothing is unlearnt. */
    void removeVocabulary(SettingsVocabulary vocabulary) {}

    /** Has somebody told about each configuration from the next one on. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(SettingsListener listener) {
        listeners.add(listener);
    }

    /** Tells no more. */
    void removeListener(SettingsListener listener) {
        listeners.remove(listener);
    }

    /** Reads the files now, whether they changed or not. */
    Attempt reload() {
        return configuration.attempt();
    }

    /** How the last attempt ended, after any that is overdue. */
    Attempt status() {
        return configuration.settled();
    }

    /** What is in force. */
    Optional<Loaded> inForce() {
        return configuration.inForce();
    }

    /** Every word known so far. */
    Vocabulary vocabulary() {
        return configuration.vocabulary();
    }

    private void watch() {
        while (!stopped) {
            tick();
            try {
                wake.poll(SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /** One look at the files. */
    void tick() {
        try {
            configuration.poll();
            attempts.tick();
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.error("looking at the configuration files failed; the next look follows", bug);
        }
    }

    private void tell(Attempt attempt) {
        if (attempt instanceof Attempt.InForce inForce) {
            publish(inForce);
        }
        attempts.note(attempt);
    }

    private void publish(Attempt.InForce attempt) {
        if (registration.isEmpty()) {
            SettingsStore store = this::current;
            registration = Optional.of(context.registerService(SettingsStore.class, store, null));
        }
        stanzas.publish(attempt.loaded());
        listeners.forEach(listener -> tell(listener, attempt.loaded().snapshot()));
    }

    private SettingsSnapshot current() {
        return configuration.inForce().map(Loaded::snapshot).orElseThrow();
    }

    private static void tell(SettingsListener listener, SettingsSnapshot snapshot) {
        try {
            listener.changed(snapshot);
        } catch (RuntimeException | LinkageError broken) {
            LOG.error("a listener could not take configuration {}", snapshot.generation(), broken);
        }
    }
}
