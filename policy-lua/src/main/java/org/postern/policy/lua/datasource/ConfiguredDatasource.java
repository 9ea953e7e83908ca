// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code Datasource} stanza. What Configuration Admin hands over says all but the URIs, which may hold passwords and
 * come from the snapshot of the settings.
 *
 * <p>Threading: any thread.
 */
@Component(
        service = {ConfiguredDatasource.class, SettingsListener.class},
        configurationPid = DatasourceOptions.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredDatasource implements SettingsListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredDatasource.class);

    /** The symbolic name of the bundle with the driver for MySQL. */
    private static final String MARIADB = "mariadb-java-client";

    private final String name;
    private final DatasourceOptions options;
    private final MariaDbConnector.Drivers drivers;
    private final Map<ServiceReference<CredentialStore>, CredentialStore> stores =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private List<Secret> uris = List.of();
    private Optional<Datasource> datasource = Optional.empty();
    private boolean closed;

    /** Made by Declarative Services. */
    @Activate
    public ConfiguredDatasource(BundleContext context, Map<String, ?> properties) {
        this(properties, driver -> find(context, driver));
    }

    ConfiguredDatasource(Map<String, ?> properties, MariaDbConnector.Drivers drivers) {
        this.name = instance(properties.get(Constants.SERVICE_PID));
        this.options = DatasourceOptions.read(properties);
        this.drivers = drivers;
    }

    private static Class<?> find(BundleContext context, String driver) throws ClassNotFoundException {
        for (Bundle bundle : context.getBundles()) {
            if (MARIADB.equals(bundle.getSymbolicName())) {
                return bundle.loadClass(driver);
            }
        }
        throw new ClassNotFoundException(driver);
    }

    private static String instance(Object pid) {
        return String.valueOf(pid).substring(DatasourceOptions.PID.length() + 1);
    }

    /** What scripts call it. */
    public String name() {
        return name;
    }

    /** What can be asked; nothing while no configuration is in force. */
    public synchronized Optional<Datasource> datasource() {
        return datasource;
    }

    /** Takes the URIs that are in force. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void addSettings(SettingsStore store) {
        changed(store.current());
    }

    /** Settings outlive their store. */
    void removeSettings(SettingsStore store) {}

    /** Takes a store that Password_Key is looked up in. */
    @Reference(
            service = CredentialStore.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addCredentials(CredentialStore store, ServiceReference<CredentialStore> reference) {
        stores.put(reference, store);
    }

    /** Asks it no more. */
    void removeCredentials(CredentialStore store, ServiceReference<CredentialStore> reference) {
        stores.remove(reference);
    }

    @Override
    public synchronized void changed(SettingsSnapshot snapshot) {
        List<Secret> now = snapshot.secretIn(DatasourceOptions.STANZA, name, DatasourceOptions.URI)
                .flatMap(Located::value)
                .orElse(List.of());
        if (closed || datasource.isPresent() && now.equals(uris)) {
            return;
        }
        uris = now;
        datasource.ifPresent(Datasource::close);
        datasource = Optional.of(open());
    }

    private Datasource open() {
        List<Backend> backends = new ArrayList<>();
        for (Secret secret : uris) {
            try {
                DatasourceUri uri = DatasourceUri.read(
                        secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8)), options.directory());
                warnOfPassword(uri);
                backends.add(new Backend(uri, Connector.to(uri, logins(uri), drivers), System::nanoTime));
            } catch (IllegalArgumentException | DatasourceException wrong) {
                LOG.error("Datasource {}: {}", name, wrong.getMessage());
            }
        }
        return new Datasource(name, options, new Backends(backends), System::nanoTime);
    }

    private Login.Source logins(DatasourceUri uri) {
        return switch (uri) {
            case DatasourceUri.Sqlite file -> () -> new Login(Optional.empty(), Optional.empty());
            case DatasourceUri.Server server -> new Logins(server, options, this::present);
        };
    }

    private Collection<CredentialStore> present() {
        return stores.values();
    }

    private void warnOfPassword(DatasourceUri uri) {
        if (uri instanceof DatasourceUri.Server server && server.password().isPresent()) {
            LOG.warn(
                    "Datasource {}: its password stands in the configuration; Password_Key can name it in a vault",
                    name);
        }
    }

    @Deactivate
    synchronized void close() {
        closed = true;
        datasource.ifPresent(Datasource::close);
        datasource = Optional.empty();
    }
}
