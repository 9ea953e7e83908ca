// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.credential.WritableCredentialStore;

class StoreAccessTest {

    private static final CredentialRef REF = new CredentialRef("relay/refresh-token");
    private static final UpdateResult WRITTEN = new UpdateResult.Updated(new CredentialVersion("2"));

    private final Bundle asking = bundle("tokens");
    private final Bundle other = bundle("vault");
    private final StoresBefore before = new StoresBefore();
    private final StoreAccess access = new StoreAccess(Optional.of(asking), before);
    private final AtomicInteger inUse = new AtomicInteger();
    private final List<CredentialUpdate> updates = new ArrayList<>();

    @Test
    void asksTheHighestRankingStoreThatHasIt() throws Exception {
        access.stores(List.of(
                offered(holding("low", REF, "bob"), other, 1), offered(holding("high", REF, "alice"), other, 2)));
        try (PasswordCredential found = found()) {
            assertThat(found.user()).isEqualTo("alice");
        }
        assertThat(inUse).hasValue(0);
    }

    @Test
    void leavesTheStoresOfTheBundleThatAsksOut() throws Exception {
        access.stores(List.of(offered(holding("own", REF, "alice"), asking, 9)));
        assertThat(access.lookup(REF))
                .isEqualTo(new Lookup.StoreUnavailable("no other credential store is configured"));
    }

    @Test
    void saysThatItCannotSayWhereOneStoreCannotAnswer() throws Exception {
        access.stores(List.of(
                offered(answering(new Lookup.StoreUnavailable("sealed")), other, 2),
                offered(holding("empty", new CredentialRef("x"), "bob"), other, 1)));
        assertThat(access.lookup(REF)).isEqualTo(new Lookup.StoreUnavailable("sealed"));
    }

    @Test
    void saysThatItCannotSayWhileTheStoreThatMayHaveItIsBeingReplaced() throws Exception {
        Bundle files = bundle("files");
        List<ComponentServiceObjects<CredentialStore>> left =
                List.of(offered(holding("files", new CredentialRef("x"), "bob"), files, 1));
        before.arrived(reference(other, 2));
        before.arrived(reference(files, 1));
        before.arrived(reference(asking, 1));
        access.stores(left);
        assertThat(access.lookup(REF))
                .isEqualTo(new Lookup.StoreUnavailable("the store of vault is not here at the moment"));
        assertThat(access.update(update()))
                .isEqualTo(new UpdateResult.NotUpdated("the store of vault is not here at the moment"));
        access.stores(List.of(left.getFirst(), offered(holding("vault", REF, "alice"), other, 2)));
        found().close();
    }

    @Test
    void saysThatItCannotSayWhereAStoreGoesAsItIsAsked() throws Exception {
        before.arrived(reference(other, 1));
        AtomicBoolean here = new AtomicBoolean(true);
        ComponentServiceObjects<CredentialStore> vanishing = new ComponentServiceObjects<>() {
            @Override
            public CredentialStore getService() {
                here.set(false);
                return null;
            }

            @Override
            public void ungetService(CredentialStore service) {
                throw new AssertionError("nothing was got");
            }

            @Override
            public ServiceReference<CredentialStore> getServiceReference() {
                return here.get() ? reference(other, 1) : null;
            }
        };
        access.stores(List.of(vanishing));
        assertThat(access.lookup(REF)).isEqualTo(new Lookup.StoreUnavailable("a store is being replaced"));
        assertThat(access.lookup(REF))
                .as("gone before it is asked")
                .isEqualTo(new Lookup.StoreUnavailable("the store of vault is not here at the moment"));
        assertThat(access.update(update()))
                .isEqualTo(new UpdateResult.NotUpdated("the store of vault is not here at the moment"));
    }

    @Test
    void forgetsTheStoreOfABundleThatWasUninstalled() throws Exception {
        before.arrived(
                reference(proxy(Bundle.class, Map.of("getSymbolicName", "gone", "getState", Bundle.UNINSTALLED)), 1));
        access.stores(List.of(offered(holding("files", new CredentialRef("x"), "bob"), other, 1)));
        assertThat(access.lookup(REF)).isEqualTo(new Lookup.NoSuchCredential("files has no such credential"));
    }

    @Test
    void namesTheWholeCircleWhereStoresNeedEachOthersSecrets() throws Exception {
        StoreAccess ofOther = new StoreAccess(Optional.of(other), before);
        access.stores(List.of(offered(asking("server", ofOther, "server/login"), other, 1)));
        ofOther.stores(List.of(offered(asking("tokens", access, "tokens/secret"), asking, 1)));

        assertThat(access.lookup(new CredentialRef("tokens/secret")))
                .isEqualTo(new Lookup.StoreUnavailable("stores ask each other in a circle for their own secrets:"
                        + " server:tokens/secret, which needs tokens:server/login, which needs server:tokens/secret;"
                        + " keep one of these secrets elsewhere"));
        assertThat(inUse).hasValue(0);
        assertThat(access.lookup(new CredentialRef("tokens/secret")))
                .as("again, and nothing is left of the first time")
                .isInstanceOf(Lookup.StoreUnavailable.class);
    }

    /** A store that needs a secret of its own from another one before it can answer. */
    private static CredentialStore asking(String name, StoreAccess access, String need) {
        return new CredentialStore() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Lookup lookup(CredentialRef ref) throws InterruptedException {
                return access.lookup(new CredentialRef(need));
            }
        };
    }

    @Test
    void survivesAStoreThatThrowsAndOneThatIsGone() throws Exception {
        CredentialStore broken = store(ref -> {
            throw new IllegalStateException("a secret text");
        });
        access.stores(List.of(offered(broken, other, 3), offered(null, other, 2)));
        Lookup answer = access.lookup(REF);
        assertThat(answer).isInstanceOf(Lookup.StoreUnavailable.class);
        assertThat(answer.toString()).doesNotContain("a secret text");
        assertThat(inUse).hasValue(0);
    }

    @Test
    void writesWhereTheCredentialIs() throws Exception {
        access.stores(
                List.of(offered(writable("first", false), other, 2), offered(writable("second", true), other, 1)));
        assertThat(access.update(update())).isEqualTo(WRITTEN);
        assertThat(updates).extracting(CredentialUpdate::user).containsExactly("to second");
    }

    @Test
    void writesANewCredentialToTheFirstStoreThatTakesIt() throws Exception {
        access.stores(List.of(
                offered(holding("read only", new CredentialRef("x"), "bob"), other, 3),
                offered(writable("first", false), other, 2),
                offered(writable("second", false), other, 1)));
        assertThat(access.update(update())).isEqualTo(WRITTEN);
        assertThat(updates).extracting(CredentialUpdate::user).containsExactly("to first");
    }

    @Test
    void writesNoSecondCredentialBesideOneThatCannotBeWrittenOrSeen() throws Exception {
        access.stores(List.of(
                offered(holding("read only", REF, "bob"), other, 3), offered(writable("vault", false), other, 2)));
        assertThat(access.update(update())).isInstanceOf(UpdateResult.NotUpdated.class);
        access.stores(List.of(
                offered(answering(new Lookup.StoreUnavailable("sealed")), other, 3),
                offered(writable("vault", false), other, 2)));
        assertThat(access.update(update())).isEqualTo(new UpdateResult.NotUpdated("sealed"));
        access.stores(List.of());
        assertThat(access.update(update())).isInstanceOf(UpdateResult.NotUpdated.class);
        assertThat(updates).isEmpty();
    }

    private CredentialUpdate update() {
        return new CredentialUpdate(REF, Optional.empty(), "alice", Secret.of("token"), Set.of());
    }

    private PasswordCredential found() throws Exception {
        return (PasswordCredential) ((Lookup.Found) access.lookup(REF)).credential();
    }

    private interface Answer {
        Lookup to(CredentialRef ref);
    }

    private static CredentialStore store(Answer answer) {
        return new CredentialStore() {
            @Override
            public String name() {
                return "store";
            }

            @Override
            public Lookup lookup(CredentialRef ref) {
                return answer.to(ref);
            }
        };
    }

    private static CredentialStore answering(Lookup answer) {
        return store(ref -> answer);
    }

    private static Lookup credential(String user) {
        return new Lookup.Found(new PasswordCredential(
                user, Secret.of("secret"), new CredentialVersion("1"), Optional.empty(), Set.of()));
    }

    private static CredentialStore holding(String name, CredentialRef held, String user) {
        return store(ref ->
                ref.equals(held) ? credential(user) : new Lookup.NoSuchCredential(name + " has no such credential"));
    }

    private CredentialStore writable(String name, boolean holds) {
        return new WritableCredentialStore() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Lookup lookup(CredentialRef ref) {
                return holds ? credential("bob") : new Lookup.NoSuchCredential("nothing");
            }

            @Override
            public UpdateResult update(CredentialUpdate update) {
                updates.add(new CredentialUpdate(
                        update.ref(), update.expected(), "to " + name, update.secret(), update.allowedHosts()));
                return WRITTEN;
            }
        };
    }

    private ComponentServiceObjects<CredentialStore> offered(CredentialStore store, Bundle by, int ranking) {
        ServiceReference<CredentialStore> reference = reference(by, ranking);
        return new ComponentServiceObjects<>() {
            @Override
            public CredentialStore getService() {
                inUse.addAndGet(store == null ? 0 : 1);
                return store;
            }

            @Override
            public void ungetService(CredentialStore service) {
                inUse.decrementAndGet();
            }

            @Override
            public ServiceReference<CredentialStore> getServiceReference() {
                return reference;
            }
        };
    }

    private static Bundle bundle(String name) {
        return proxy(Bundle.class, Map.of("toString", name, "getSymbolicName", name));
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<CredentialStore> reference(Bundle by, int ranking) {
        return proxy(ServiceReference.class, Map.of("getBundle", by, "hashCode", ranking));
    }

    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "compareTo" -> Integer.compare(self.hashCode(), arguments[0].hashCode());
                    case "equals" -> self == arguments[0];
                    default -> answers.getOrDefault(method.getName(), 0);
                }));
    }
}
