// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in folders as a credential store: the file or folder named like the key.
 *
 * <p>Threading: lookups run side by side; those of one key wait for each other only until it was read for the first time.
 */
@Component(
        service = CredentialStore.class,
        configurationPid = FileConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=0")
public final class FileStore implements CredentialStore {

    /** How often the files are looked at while nobody asks. */
    static final Duration POLL = WatchedSecret.INTERVAL;

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final String NAME = "file";

    private final Optional<WatchedSecrets> secrets;
    private final String trouble;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread poller;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile Collection<CredentialListener> listeners = List.of();

    /** Follows what the stanza names. Folders that are not there are no reason not to be there: they may come. */
    @Activate
    public FileStore(Map<String, ?> properties) {
        this(properties, System.getenv(), System::nanoTime);
    }

    FileStore(Map<String, ?> properties, Map<String, String> environment, LongSupplier ticks) {
        Optional<WatchedSecrets> named = Optional.empty();
        String wrong = "";
        try {
            List<SecretFolder> folders = FileConfiguration.read(properties, environment);
            named = Optional.of(new WatchedSecrets(new SecretFolders(folders), ticks));
        } catch (IllegalArgumentException mistaken) {
            wrong = mistaken.getMessage();
            LOG.error("{}", wrong);
        }
        this.secrets = named;
        this.trouble = wrong;
        this.poller = Thread.ofVirtual().name("postern-file-watch").unstarted(this::watch);
        poller.start();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Lookup lookup(CredentialRef ref) {
        return secrets.map(there -> there.lookup(ref.key())).orElseGet(() -> new Lookup.StoreUnavailable(trouble));
    }

    /** Looks at the files now, and takes a secret that is new without waiting whether it stays. */
    @Override
    public Lookup lookupAnew(CredentialRef ref, CredentialVersion refused) {
        return secrets.map(there -> there.lookupAnew(ref.key())).orElseGet(() -> new Lookup.StoreUnavailable(trouble));
    }

    @Deactivate
    void close() throws InterruptedException {
        closing.countDown();
        poller.join(Duration.ofSeconds(5));
    }

    /** For tests, which have no container to bind listeners. */
    void listeners(Collection<CredentialListener> present) {
        listeners = List.copyOf(present);
    }

    /** For tests: whether the thread that looks at the files is there. */
    boolean isWatching() {
        return poller.isAlive();
    }

    private void watch() {
        try {
            while (!closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                secrets.ifPresent(this::look);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(WatchedSecrets there) {
        try {
            there.poll().stream().map(CredentialRef::new).forEach(this::tell);
        } catch (RuntimeException odd) {
            // The next look may go well; without looks no rotation would be noticed any more.
            LOG.warn("secret files could not be looked at: {}", odd.getClass().getName());
        }
    }

    private void tell(CredentialRef ref) {
        for (CredentialListener listener : listeners) {
            try {
                listener.changed(ref);
            } catch (RuntimeException theirs) {
                LOG.warn("a listener failed on a change of {}: {}", Printable.quoted(ref.key()), theirs.toString());
            }
        }
    }
}
