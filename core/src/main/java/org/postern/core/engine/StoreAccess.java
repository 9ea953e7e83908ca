// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ServiceScope;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.credential.WritableCredentialStore;

/**
 * The stores as another store may use them: one of these for each bundle that asks. It needs no engine, so that the
 * operator's verbs can use it where no mail flows. Stores are got for the length of a call only: a store that needs this
 * to start would otherwise make a circle that Declarative Services cannot resolve.
 */
@Component(scope = ServiceScope.BUNDLE)
public final class StoreAccess implements CredentialAccess {

    /** What this thread is asking for on behalf of stores, the first first: calls run on the thread of who asks. */
    private static final ThreadLocal<List<String>> ASKING = ThreadLocal.withInitial(List::of);

    private final Optional<Bundle> asking;
    private final StoresBefore before;

    @Reference(
            service = CredentialStore.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile Collection<ComponentServiceObjects<CredentialStore>> stores = List.of();

    /** For the bundle that asks. */
    @Activate
    public StoreAccess(ComponentContext context, @Reference StoresBefore before) {
        this(Optional.ofNullable(context.getUsingBundle()), before);
    }

    StoreAccess(Optional<Bundle> asking, StoresBefore before) {
        this.asking = asking;
        this.before = before;
    }

    /** For tests, which have no container to bind stores. */
    void stores(Collection<ComponentServiceObjects<CredentialStore>> present) {
        stores = List.copyOf(present);
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        List<String> without = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<Present> here = inOrder();
        for (Present store : here) {
            switch (with(store, gone(), service -> ask(service, ref))) {
                case Lookup.Found found -> {
                    found.next().ifPresent(Credential::close);
                    return new Lookup.Found(found.credential());
                }
                case Lookup.NoSuchCredential none -> without.add(none.reason());
                case Lookup.StoreUnavailable down -> failed.add(down.reason());
            }
        }
        failed.addAll(away(here));
        if (!failed.isEmpty()) {
            return new Lookup.StoreUnavailable(String.join("; ", failed));
        }
        return without.isEmpty()
                ? new Lookup.StoreUnavailable("no other credential store is configured")
                : new Lookup.NoSuchCredential(String.join("; ", without));
    }

    @Override
    public UpdateResult update(CredentialUpdate update) throws InterruptedException {
        Optional<Present> writable = Optional.empty();
        List<Present> here = inOrder();
        for (Present store : here) {
            Lookup held = with(store, gone(), service -> ask(service, update.ref()));
            switch (held) {
                case Lookup.Found found -> {
                    found.close();
                    return write(store, update);
                }
                // It may hold the credential: a second one elsewhere would be hidden by it later.
                case Lookup.StoreUnavailable down -> {
                    return new UpdateResult.NotUpdated(down.reason());
                }
                case Lookup.NoSuchCredential none -> {
                    boolean suits = with(store, false, WritableCredentialStore.class::isInstance);
                    writable = writable.isEmpty() && suits ? Optional.of(store) : writable;
                }
            }
        }
        List<String> away = away(here);
        if (!away.isEmpty()) {
            return new UpdateResult.NotUpdated(String.join("; ", away));
        }
        return writable.isPresent()
                ? write(writable.get(), update)
                : new UpdateResult.NotUpdated("no credential store that can be written to is configured");
    }

    private static UpdateResult write(Present store, CredentialUpdate update) throws InterruptedException {
        return with(store, new UpdateResult.NotUpdated("the store is being replaced"), service -> put(service, update));
    }

    private static UpdateResult put(CredentialStore store, CredentialUpdate update) throws InterruptedException {
        if (!(store instanceof WritableCredentialStore writable)) {
            return new UpdateResult.NotUpdated(
                    "store " + store.name() + " holds '" + update.ref() + "' and cannot be written to");
        }
        try {
            return writable.update(update);
        } catch (RuntimeException | LinkageError failure) {
            return new UpdateResult.NotUpdated("store " + store.name() + " failed with " + failure.getClass());
        }
    }

    private static Lookup ask(CredentialStore store, CredentialRef ref) throws InterruptedException {
        List<String> before = ASKING.get();
        String question = store.name() + ":" + ref.key();
        if (before.contains(question)) {
            return new Lookup.StoreUnavailable("stores ask each other in a circle for their own secrets: "
                    + String.join(", which needs ", before) + ", which needs " + question
                    + "; keep one of these secrets elsewhere");
        }
        ASKING.set(Stream.concat(before.stream(), Stream.of(question)).toList());
        try {
            return store.lookup(ref);
        } catch (RuntimeException | LinkageError failure) {
            return new Lookup.StoreUnavailable("store " + store.name() + " failed with " + failure.getClass());
        } finally {
            restore(before);
        }
    }

    private static void restore(List<String> before) {
        if (before.isEmpty()) {
            ASKING.remove();
        } else {
            ASKING.set(before);
        }
    }

    private static Lookup gone() {
        return new Lookup.StoreUnavailable("a store is being replaced");
    }

    private interface Use<R> {
        R of(CredentialStore store) throws InterruptedException;
    }

    private static <R> R with(Present store, R otherwise, Use<R> use) throws InterruptedException {
        CredentialStore service = store.objects().getService();
        if (service == null) {
            return otherwise;
        }
        try {
            return use.of(service);
        } finally {
            store.objects().ungetService(service);
        }
    }

    /** Stores that may have what nobody else has, and cannot be asked. */
    private List<String> away(List<Present> here) {
        List<Bundle> asked = here.stream().map(Present::bundle).toList();
        return before.without(asked).stream()
                .filter(bundle -> !isAsking(bundle))
                .map(bundle -> "the store of " + bundle.getSymbolicName() + " is not here at the moment")
                .toList();
    }

    private boolean isAsking(Bundle bundle) {
        return asking.filter(bundle::equals).isPresent();
    }

    private List<Present> inOrder() {
        Comparator<ServiceReference<CredentialStore>> highestFirst = Comparator.reverseOrder();
        return stores.stream()
                .map(Present::of)
                .flatMap(Optional::stream)
                .filter(store -> !isAsking(store.bundle()))
                .sorted(Comparator.comparing(Present::reference, highestFirst))
                .toList();
    }

    /** A store as it was when the question came: where it goes meanwhile, its own objects know no reference any more. */
    private record Present(
            ComponentServiceObjects<CredentialStore> objects,
            ServiceReference<CredentialStore> reference,
            Bundle bundle) {

        /** Nothing where it is gone by now. */
        static Optional<Present> of(ComponentServiceObjects<CredentialStore> objects) {
            return Optional.ofNullable(objects.getServiceReference())
                    .flatMap(reference -> Optional.ofNullable(reference.getBundle())
                            .map(bundle -> new Present(objects, reference, bundle)));
        }
    }
}
