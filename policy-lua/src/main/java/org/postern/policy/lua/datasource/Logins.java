// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/** Finds what opens a database: in its URI, in a file, or in the credential stores. */
final class Logins implements Login.Source {

    private final DatasourceUri.Server uri;
    private final DatasourceOptions options;
    private final Supplier<? extends Collection<CredentialStore>> stores;

    /** @param stores those present, the one to be asked first first */
    Logins(
            DatasourceUri.Server uri,
            DatasourceOptions options,
            Supplier<? extends Collection<CredentialStore>> stores) {
        this.uri = uri;
        this.options = options;
        this.stores = stores;
    }

    @Override
    public Login login() throws DatasourceException {
        if (options.passwordKey().isPresent()) {
            return fromStores(options.passwordKey().get());
        }
        return new Login(uri.user(), options.passwordFile().isPresent() ? Optional.of(fromFile()) : uri.password());
    }

    private Secret fromFile() throws DatasourceException {
        try (BufferedReader reader =
                Files.newBufferedReader(options.passwordFile().orElseThrow())) {
            String line = reader.readLine();
            return Secret.of(line == null ? "" : line);
        } catch (IOException unreadable) {
            throw new DatasourceException("Password_File cannot be read: " + unreadable);
        }
    }

    private Login fromStores(String key) throws DatasourceException {
        String reason = "no credential store is installed";
        for (CredentialStore store : stores.get()) {
            switch (ask(store, key)) {
                case Lookup.Found found
                when found.credential() instanceof PasswordCredential credential -> {
                    try {
                        return new Login(
                                uri.user().or(() -> Optional.of(credential.user())),
                                Optional.of(credential.password().copy()));
                    } finally {
                        found.close();
                    }
                }
                case Lookup.Found found -> {
                    found.close();
                    reason = store.name() + " has a " + found.credential().kind() + " for it, not a password";
                }
                case Lookup.NoSuchCredential none -> reason = store.name() + ": " + none.reason();
                case Lookup.StoreUnavailable unavailable -> reason = store.name() + ": " + unavailable.reason();
            }
        }
        throw new DatasourceException("Password_Key " + key + ": " + reason);
    }

    private static Lookup ask(CredentialStore store, String key) throws DatasourceException {
        try {
            return store.lookup(new CredentialRef(key));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DatasourceException("Password_Key " + key + ": given up");
        } catch (RuntimeException broken) {
            return new Lookup.StoreUnavailable(broken.getClass().getName());
        }
    }
}
