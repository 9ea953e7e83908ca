// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
import org.postern.spi.credential.LookupAttribute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HashiCorp Vault or OpenBao as a credential store: the secret at the path that is made of the key. It ranks below stores of
 * this machine, so that what they have does not wait for a server.
 *
 * <p>Threading: lookups run side by side; those of one secret share its reading.
 */
@Component(
        service = CredentialStore.class,
        configurationPid = HashicorpConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=-60")
public final class HashicorpStore implements CredentialStore {

    private static final Logger LOG = LoggerFactory.getLogger(HashicorpStore.class);
    private static final String NAME = "hashicorp";

    private final Optional<OpenConnection> connection;
    private final String trouble;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile Collection<CredentialListener> listeners = List.of();

    /** Reads the stanza. Nothing is asked of the server before somebody needs a credential. */
    @Activate
    public HashicorpStore(Map<String, ?> properties) {
        this(properties, System.getenv(), Clock.systemUTC(), Optional.of(OpenConnection.TICK));
    }

    /**
     * For tests.
     *
     * @param tick how often it does by itself what is due; nothing if the test calls {@link #tick()}
     */
    HashicorpStore(
            Map<String, ?> properties, Map<String, String> environment, InstantSource clock, Optional<Duration> tick) {
        Optional<Connection> described = Optional.empty();
        String wrong = "";
        try {
            described = Optional.of(Connection.read(properties, environment));
        } catch (IllegalArgumentException contradiction) {
            wrong = contradiction.getMessage();
            LOG.error("{}", wrong);
        }
        this.trouble = wrong;
        this.connection =
                described.map(known -> new OpenConnection(known, clock, new SecureRandom(), new Announcements(), tick));
    }

    /** Whom to tell, and of what. */
    final class Announcements {

        void changed(Collection<CredentialRef> refs) {
            refs.forEach(ref -> tell(listener -> listener.changed(ref)));
        }

        void reopened() {
            tell(listener -> listener.storeChanged(NAME));
        }

        private void tell(Consumer<CredentialListener> news) {
            for (CredentialListener listener : listeners) {
                try {
                    news.accept(listener);
                } catch (RuntimeException theirs) {
                    LOG.warn("a listener failed on a change of a secret: {}", theirs.toString());
                }
            }
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<LookupAttribute> attributes() {
        return connection.map(open -> open.described().path().attributes()).orElse(Set.of());
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        return connection.isPresent() ? connection.get().lookup(ref) : new Lookup.StoreUnavailable(trouble);
    }

    @Override
    public Lookup lookupAnew(CredentialRef ref, CredentialVersion refused) throws InterruptedException {
        return connection.isPresent()
                ? connection.get().lookupAnew(ref, refused)
                : new Lookup.StoreUnavailable(trouble);
    }

    @Deactivate
    void close() throws InterruptedException {
        if (connection.isPresent()) {
            connection.get().close();
        }
    }

    /** For tests, which have no container to bind listeners. */
    void listeners(Collection<CredentialListener> present) {
        listeners = List.copyOf(present);
    }

    /** For tests: does what is due. */
    void tick() {
        connection.ifPresent(OpenConnection::tick);
    }
}
