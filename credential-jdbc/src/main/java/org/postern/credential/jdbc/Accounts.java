// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.sql.DataSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.credential.jdbc.database.Connector;
import org.postern.credential.jdbc.database.Database;
import org.postern.credential.jdbc.database.DatabaseException;
import org.postern.credential.jdbc.database.DatabaseUrl;
import org.postern.credential.jdbc.database.MariaDbConnector;
import org.postern.credential.jdbc.database.ServiceConnector;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Validity;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code Credential_JDBC} stanza: a database, and the query that finds an account in it. Nothing is kept of what was
 * found; that is the engine's business.
 *
 * <p>Threading: any thread.
 */
@Component(
        service = Accounts.class,
        configurationPid = AccountOptions.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final int LONGEST_KEY = 512;

    /** The symbolic name of the bundle with the driver for MySQL. */
    private static final String MARIADB = "mariadb-java-client";

    private final String name;
    private final State state;
    private final AccountReader reader = new AccountReader();
    private final Versions versions = new Versions();
    private final Questions questions = new Questions();
    private final InstantSource clock;
    private final Map<ServiceReference<DataSource>, DataSource> services =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile CredentialAccess stores;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile Collection<CredentialListener> listeners = List.of();

    /** Whether the stanza makes sense. */
    private sealed interface State {

        record Open(AccountOptions options, Database database, ChangeWatch watch) implements State {}

        record Wrong(String reason) implements State {}
    }

    /** Made by Declarative Services. */
    @Activate
    public Accounts(BundleContext context, Map<String, ?> properties) {
        this(properties, System.getenv(), driver -> find(context, driver), Clock.systemUTC());
    }

    Accounts(
            Map<String, ?> properties,
            Map<String, String> environment,
            MariaDbConnector.Drivers drivers,
            InstantSource clock) {
        this.name = String.valueOf(properties.get(Constants.SERVICE_PID)).substring(AccountOptions.PID.length() + 1);
        this.clock = clock;
        this.state = open(properties, environment, drivers);
    }

    /** Begins to look for changes, now that other stores can be asked for the database's password. */
    @Activate
    void start() {
        if (state instanceof State.Open open) {
            open.watch().start();
        }
    }

    private static Class<?> find(BundleContext context, String driver) throws ClassNotFoundException {
        for (Bundle bundle : context.getBundles()) {
            if (MARIADB.equals(bundle.getSymbolicName())) {
                return bundle.loadClass(driver);
            }
        }
        throw new ClassNotFoundException(driver);
    }

    private State open(Map<String, ?> properties, Map<String, String> environment, MariaDbConnector.Drivers drivers) {
        try {
            AccountOptions options = AccountOptions.read(properties);
            Logins logins = new Logins(options, environment, () -> Optional.ofNullable(stores));
            Connector connector = switch (options.place()) {
                case AccountOptions.Place.Url(DatabaseUrl url) -> Connector.to(url, logins, drivers);
                case AccountOptions.Place.Service(String wanted) -> new ServiceConnector(wanted, () -> service(wanted));
            };
            warnOfExposure(options);
            Database database = new Database(name, connector, options.connections(), options.timeout());
            ChangeWatch watch = new ChangeWatch(name, options, database, this::tell);
            return new State.Open(options, database, watch);
        } catch (IllegalArgumentException | DatabaseException wrong) {
            String reason = "Credential_JDBC " + Printable.quoted(name) + ": " + wrong.getMessage();
            LOG.error("{}", reason);
            return new State.Wrong(reason);
        }
    }

    private void warnOfExposure(AccountOptions options) {
        if (options.place() instanceof AccountOptions.Place.Url(DatabaseUrl.Server server) && server.isExposed()) {
            LOG.warn("Credential_JDBC {}: {} {}", name, AccountOptions.URL, server.exposure());
        }
    }

    private Optional<DataSource> service(String wanted) {
        return services.entrySet().stream()
                .filter(entry -> isCalled(entry.getKey(), wanted))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean isCalled(ServiceReference<DataSource> service, String name) {
        return name.equals(service.getProperty("osgi.jndi.service.name"))
                || name.equals(service.getProperty("dataSourceName"));
    }

    /** Takes a data source that the stanza may name. */
    @Reference(
            service = DataSource.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addDataSource(DataSource service, ServiceReference<DataSource> reference) {
        services.put(reference, service);
    }

    /** Asks it no more, and keeps no connection that came from it. */
    void removeDataSource(DataSource service, ServiceReference<DataSource> reference) {
        services.remove(reference);
        if (state instanceof State.Open open
                && open.options().place() instanceof AccountOptions.Place.Service(String wanted)
                && isCalled(reference, wanted)) {
            open.database().leave();
        }
    }

    /** The instance name of the stanza. */
    public String name() {
        return name;
    }

    /** What the query wants to know beside the key. */
    Set<LookupAttribute> attributes() {
        return switch (state) {
            case State.Open open -> open.options().attributes();
            case State.Wrong wrong -> Set.of();
        };
    }

    /**
     * Asks the database.
     *
     * @param ref what the engine asks for, in its own words
     * @param key the account, without the name of the stanza
     */
    Lookup lookup(CredentialRef ref, String key) throws InterruptedException {
        return switch (state) {
            case State.Wrong wrong -> new Lookup.StoreUnavailable(wrong.reason());
            case State.Open open ->
                isPossible(key)
                        ? ask(open, ref, key)
                        : none("key " + Printable.quoted(key) + " cannot be an account's");
        };
    }

    private static boolean isPossible(String key) {
        return !key.isBlank() && key.length() <= LONGEST_KEY && key.chars().noneMatch(Character::isISOControl);
    }

    private static Lookup none(String reason) {
        return new Lookup.NoSuchCredential(reason);
    }

    private Lookup ask(State.Open open, CredentialRef ref, String key) throws InterruptedException {
        questions.remember(ref, key);
        Map<String, String> parameters = new HashMap<>(Map.of(AccountOptions.KEY, key));
        open.options().attributes().stream()
                .filter(ref.attributes()::containsKey)
                .forEach(wanted -> parameters.put(
                        AccountOptions.parameter(wanted), ref.attributes().get(wanted)));
        try {
            return answer(
                    ref,
                    "account " + Printable.quoted(key),
                    open.database()
                            .ask(
                                    open.options().query(),
                                    parameters,
                                    AccountReader.ROWS,
                                    (rows, utf8) -> reader.read(key, rows, utf8)));
        } catch (DatabaseException failed) {
            return new Lookup.StoreUnavailable("Credential_JDBC " + Printable.quoted(name) + ", "
                    + open.database().place() + ": " + failed.getMessage());
        }
    }

    private Lookup answer(CredentialRef ref, String account, Answer answer) {
        String where = " in Credential_JDBC " + Printable.quoted(name);
        return switch (answer) {
            case Answer.NoRow none -> none("no " + account + where);
            case Answer.Useless useless -> none(account + where + " " + useless.reason());
            case Answer.Account found -> {
                Optional<Instant> end = found.expires();
                if (end.isPresent() && !clock.instant().isBefore(end.get())) {
                    found.close();
                    yield none(account + where + " expired on " + end.get());
                }
                Versions.Pair pair = versions.of(ref, found);
                yield new Lookup.Found(
                        credential(found, found.current(), pair.current(), end),
                        // When the present password ends says nothing of the next one.
                        found.next()
                                .map(next -> credential(found, next, pair.next().orElseThrow(), Optional.empty())));
            }
        };
    }

    private static Credential credential(
            Answer.Account account, Answer.Marked marked, CredentialVersion version, Optional<Instant> end) {
        return new PasswordCredential(
                account.user(),
                marked.secret(),
                version,
                account.mechanism(),
                account.hosts(),
                new Validity(marked == account.current() ? account.since() : Optional.empty(), end));
    }

    private void tell(ChangeWatch.Change change) {
        switch (change) {
            case ChangeWatch.Change.Anything anything ->
                JdbcStore.tell(listeners, heard -> heard.storeChanged(JdbcStore.NAME));
            case ChangeWatch.Change.Keys keys ->
                questions.about(keys.keys()).forEach(ref -> JdbcStore.tell(listeners, heard -> heard.changed(ref)));
        }
    }

    /** For tests, which have no container to bind services. */
    void bind(Collection<CredentialListener> present, CredentialAccess access) {
        listeners = List.copyOf(present);
        stores = access;
    }

    @Deactivate
    void close() throws InterruptedException {
        if (state instanceof State.Open open) {
            open.watch().close();
            open.database().close();
        }
    }

    @Override
    public String toString() {
        return "Accounts[" + name + "]";
    }
}
