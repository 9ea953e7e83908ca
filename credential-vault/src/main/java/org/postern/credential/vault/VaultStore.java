// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.credential.vault.file.VaultFile;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.RotatingCredentialStore;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.credential.WritableCredentialStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local vault as a credential store: the entry titled like the key that is asked for.
 *
 * <p>Threading: lookups run side by side and wait for nobody but the one that opens a changed file.
 */
@Component(
        service = {CredentialStore.class, ConfiguredVault.class},
        configurationPid = VaultConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=0")
public final class VaultStore implements WritableCredentialStore, RotatingCredentialStore, ConfiguredVault {

    /** How often the file is looked at while nobody asks. */
    static final Duration POLL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(VaultStore.class);
    private static final String NAME = "vault";

    private final Optional<VaultFile> file;
    private final Optional<WatchedVault> vault;
    private final String trouble;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread poller;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile Collection<CredentialListener> listeners = List.of();

    /** Opens the vault that the stanza names. A vault that does not open is no reason not to be there: it may come. */
    @Activate
    public VaultStore(Map<String, ?> properties) {
        this(properties, System.getenv(), System::nanoTime);
    }

    VaultStore(Map<String, ?> properties, Map<String, String> environment, LongSupplier ticks) {
        Optional<VaultFile> named = Optional.empty();
        String wrong = "";
        try {
            named = Optional.of(VaultConfiguration.read(properties, environment));
        } catch (IllegalArgumentException contradiction) {
            wrong = contradiction.getMessage();
            LOG.error("{}", wrong);
        }
        this.file = named;
        this.trouble = wrong;
        this.vault = named.map(found -> new WatchedVault(found, Clock.systemUTC(), ticks));
        this.poller = Thread.ofVirtual().name("postern-vault-watch").unstarted(this::watch);
        poller.start();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Lookup lookup(CredentialRef ref) {
        return vault.map(opened -> opened.lookup(ref.key())).orElseGet(() -> new Lookup.StoreUnavailable(trouble));
    }

    /** Under the vault's lock, like {@code postern vault set}: the old state goes into the entry's history. */
    @Override
    public UpdateResult update(CredentialUpdate update) {
        return vault.map(opened -> opened.update(update)).orElseGet(() -> new UpdateResult.NotUpdated(trouble));
    }

    /** Under the vault's lock, like {@code postern vault promote}: the old password goes into the entry's history. */
    @Override
    public UpdateResult promote(CredentialRef ref, CredentialVersion next) {
        return vault.map(opened -> opened.promote(ref.key(), next))
                .orElseGet(() -> new UpdateResult.NotUpdated(trouble));
    }

    @Override
    public Optional<VaultFile> vaultFile() {
        return file;
    }

    @Deactivate
    void close() throws InterruptedException {
        closing.countDown();
        poller.join(POLL.multipliedBy(5));
    }

    /** For tests, which have no container to bind listeners. */
    void listeners(Collection<CredentialListener> present) {
        listeners = List.copyOf(present);
    }

    /** For tests: whether the thread that looks at the file is there. */
    boolean isWatching() {
        return poller.isAlive();
    }

    private void watch() {
        try {
            while (!closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                vault.ifPresent(this::look);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(WatchedVault opened) {
        try {
            announce(opened.poll());
        } catch (RuntimeException odd) {
            // The next look may go well; without looks no rotation would be noticed any more.
            LOG.warn("the vault could not be looked at: {}", odd.getClass().getName());
        }
    }

    private void announce(WatchedVault.Change change) {
        switch (change) {
            case WatchedVault.Change.Reopened reopened -> tell(listener -> listener.storeChanged(NAME));
            case WatchedVault.Change.Keys keys ->
                keys.keys().stream().map(CredentialRef::new).forEach(ref -> tell(listener -> listener.changed(ref)));
        }
    }

    private void tell(Consumer<CredentialListener> news) {
        for (CredentialListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException theirs) {
                LOG.warn("a listener failed on a change of the vault: {}", theirs.toString());
            }
        }
    }
}
