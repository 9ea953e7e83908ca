// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases of all stanzas as one credential store. A key begins with the name of a stanza, as in
 * {@code accounts/relay-1}; where there is one stanza only, it may do without. It ranks below stores that answer from this
 * machine, so that a database that is slow or down does not hold up what they know.
 *
 * <p>Threading: lookups run side by side, as many as the databases have connections.
 */
@Component(service = CredentialStore.class, property = "service.ranking:Integer=-50")
public final class JdbcStore implements CredentialStore {

    /** What references call this store. */
    static final String NAME = "jdbc";

    private static final Logger LOG = LoggerFactory.getLogger(JdbcStore.class);

    private volatile Map<String, Accounts> byName = Map.of();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile Collection<CredentialListener> listeners = List.of();

    /** Made by Declarative Services, when there is a first stanza. */
    @Activate
    public JdbcStore() {}

    /** Takes the accounts of a stanza. Without any there is no store. */
    @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addAccounts(Accounts accounts) {
        Map<String, Accounts> now = new TreeMap<>(byName);
        now.put(accounts.name(), accounts);
        byName = now;
        changed();
    }

    /** Lets them go. */
    synchronized void removeAccounts(Accounts accounts) {
        Map<String, Accounts> now = new TreeMap<>(byName);
        // A stanza that was changed may have come back before it went.
        now.remove(accounts.name(), accounts);
        byName = now;
        changed();
    }

    private void changed() {
        tell(listeners, heard -> heard.storeChanged(NAME));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<LookupAttribute> attributes() {
        return byName.values().stream()
                .flatMap(accounts -> accounts.attributes().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        Map<String, Accounts> present = byName;
        int slash = ref.key().indexOf('/');
        Accounts named = slash < 0 ? null : present.get(ref.key().substring(0, slash));
        if (named != null) {
            return named.lookup(ref, ref.key().substring(slash + 1));
        }
        if (present.size() == 1) {
            return present.values().iterator().next().lookup(ref, ref.key());
        }
        return present.isEmpty()
                ? new Lookup.StoreUnavailable("is being replaced")
                : new Lookup.NoSuchCredential("key " + Printable.quoted(ref.key())
                        + " does not begin with the name of a Credential_JDBC stanza and a slash; there are "
                        + String.join(", ", present.keySet()));
    }

    /** Tells each listener, whatever the others make of it. */
    static void tell(Collection<CredentialListener> listeners, Consumer<CredentialListener> news) {
        for (CredentialListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException theirs) {
                LOG.warn("a listener failed on a change of accounts: {}", theirs.toString());
            }
        }
    }
}
