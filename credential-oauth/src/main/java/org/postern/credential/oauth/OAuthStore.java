// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.credential.oauth.OAuthConfiguration.Described;
import org.postern.credential.oauth.protocol.HttpTransport;
import org.postern.credential.oauth.protocol.RequestPace;
import org.postern.credential.oauth.protocol.TokenRequests;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access tokens as credentials: for each account of the stanza, the token that is good now. It ranks above stores that
 * hold what they are given, so that an account is never taken for an entry of the same name.
 *
 * <p>Threading: lookups run side by side; those of one account share its requests.
 */
@Component(
        service = {CredentialStore.class, ConfiguredAccounts.class},
        configurationPid = OAuthConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=100")
public final class OAuthStore implements CredentialStore, ConfiguredAccounts {

    /** The longest that a request to a provider takes. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(OAuthStore.class);
    private static final String NAME = "oauth";

    private final Map<String, TokenLife> accounts = new LinkedHashMap<>();
    private final Map<String, String> wrong = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("postern-oauth-", 0).factory());
    private final RequestPace pace = new RequestPace(System::nanoTime);
    private final HttpTransport transport = new HttpTransport(threads, DEADLINE);
    private final TokenRequests requests = new TokenRequests(transport, pace, Clock.systemUTC());
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CredentialAccess access;
    private final SecretChanges changes;
    private final Consumer<Optional<CredentialRef>> reader = this::secretChanged;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile Collection<CredentialListener> listeners = List.of();

    /** Comes and goes with the queue that relays share. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile SharedRegisters registers;

    /** Reads the accounts. No token is fetched before somebody needs it. */
    @Activate
    public OAuthStore(Map<String, ?> properties, @Reference CredentialAccess access, @Reference SecretChanges changes) {
        this.access = access;
        this.changes = changes;
        Surroundings around = new Surroundings(
                access,
                new SecretWrapping(),
                new TokenVersions(),
                Clock.systemUTC(),
                new SecureRandom(),
                threads,
                new Relays(() -> Optional.ofNullable(registers), Thread::sleep),
                this::announce);
        OAuthConfiguration.read(properties).forEach((name, described) -> {
            switch (described) {
                case Described.Usable usable -> accounts.put(name, new TokenLife(usable.account(), requests, around));
                case Described.Wrong mistaken -> {
                    wrong.put(name, mistaken.reason());
                    LOG.error("{}", mistaken.reason());
                }
            }
        });
        changes.add(reader);
        threads.execute(this::watch);
    }

    private void secretChanged(Optional<CredentialRef> which) {
        accounts.values().forEach(account -> account.secretChanged(which));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        TokenLife account = accounts.get(ref.key());
        return account == null ? unknown(ref) : account.lookup();
    }

    @Override
    public Lookup lookupAnew(CredentialRef ref, CredentialVersion refused) throws InterruptedException {
        TokenLife account = accounts.get(ref.key());
        return account == null ? unknown(ref) : account.lookupAnew(refused);
    }

    private Lookup unknown(CredentialRef ref) {
        return new Lookup.NoSuchCredential(Optional.ofNullable(wrong.get(ref.key()))
                .orElseGet(() -> "no account '" + Printable.of(ref.key()) + "' in Credential_OAuth"));
    }

    @Override
    public List<TokenStatus> statuses() {
        return accounts.values().stream().map(TokenLife::status).toList();
    }

    @Override
    public Map<String, String> mistakes() {
        return Map.copyOf(wrong);
    }

    @Override
    public Optional<Account> account(String name) {
        return Optional.ofNullable(accounts.get(name)).map(TokenLife::account);
    }

    @Override
    public Optional<Lookup> retry(String name) throws InterruptedException {
        TokenLife account = accounts.get(name);
        if (account == null) {
            return Optional.empty();
        }
        Lookup answer = account.retry();
        if (answer instanceof Lookup.Found) {
            announce(new CredentialRef(name));
        }
        return Optional.of(answer);
    }

    @Override
    public TokenRequests requests() {
        return requests;
    }

    @Override
    public KnownSecrets clientSecrets(Account account) throws IOException, InterruptedException {
        return switch (new AccountSecrets(access, account).readClient()) {
            case AccountSecrets.Reading.Complete complete -> complete.known();
            case AccountSecrets.Reading.Missing missing -> throw new IOException(missing.reason());
            case AccountSecrets.Reading.Unavailable down -> throw new IOException(down.reason());
        };
    }

    @Override
    public UpdateResult keep(Account account, Secret refreshToken) throws InterruptedException {
        return account.grant() instanceof Account.Grant.RefreshToken grant
                ? access.update(RefreshTokenEntry.of(account, grant, Optional.empty(), refreshToken))
                : new UpdateResult.NotUpdated("the account's Grant is not refresh_token");
    }

    @Deactivate
    void close() throws InterruptedException {
        closing.countDown();
        changes.remove(reader);
        pace.close();
        accounts.values().forEach(TokenLife::close);
        transport.close();
        threads.shutdownNow();
        if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.warn("a request to an identity provider did not end in time");
        }
    }

    /** For tests, which have no container to bind listeners. */
    void listeners(Collection<CredentialListener> present) {
        listeners = List.copyOf(present);
    }

    /** For tests, likewise. */
    void registers(SharedRegisters shared) {
        registers = shared;
    }

    private void watch() {
        try {
            while (!closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                accounts.values().forEach(TokenLife::tick);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void announce(CredentialRef ref) {
        for (CredentialListener listener : listeners) {
            try {
                listener.changed(ref);
            } catch (RuntimeException theirs) {
                LOG.warn("a listener failed on a change of an account: {}", theirs.toString());
            }
        }
    }
}
