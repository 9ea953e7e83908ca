// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.postern.credential.jdbc.database.DatabaseException;
import org.postern.credential.jdbc.database.Login;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Finds what opens a database: in a file, in the environment, or in another store. */
final class Logins implements Login.Source {

    private static final int LONGEST = 64 * 1024;

    private final AccountOptions options;
    private final Map<String, String> environment;
    private final Supplier<Optional<CredentialAccess>> stores;

    Logins(AccountOptions options, Map<String, String> environment, Supplier<Optional<CredentialAccess>> stores) {
        this.options = options;
        this.environment = environment;
        this.stores = stores;
    }

    @Override
    public Login login() throws DatabaseException {
        return switch (options.password()) {
            case AccountOptions.PasswordPlace.Nowhere nowhere -> new Login(options.user(), Optional.empty());
            case AccountOptions.PasswordPlace.InFile(Path path) ->
                new Login(options.user(), Optional.of(fromFile(path)));
            case AccountOptions.PasswordPlace.InEnvironment(String name) ->
                new Login(options.user(), Optional.of(fromEnvironment(name)));
            case AccountOptions.PasswordPlace.InStore(String key) -> fromStores(key);
        };
    }

    private static Secret fromFile(Path path) throws DatabaseException {
        try {
            if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
                if (permissions.contains(PosixFilePermission.OTHERS_READ)
                        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    throw new DatabaseException("Password_File " + path + " is open to all accounts: chmod o= " + path);
                }
            }
            // Not an interruptible channel: a lookup that is given up must not look like a broken file.
            try (InputStream in = new FileInputStream(path.toFile())) {
                return firstLine(in.readNBytes(LONGEST));
            }
        } catch (IOException unreadable) {
            throw new DatabaseException("Password_File " + path + " cannot be read: "
                    + unreadable.getClass().getSimpleName());
        }
    }

    private static Secret firstLine(byte[] octets) {
        int end = 0;
        while (end < octets.length && octets[end] != '\n' && octets[end] != '\r') {
            end++;
        }
        byte[] line = Arrays.copyOf(octets, end);
        try {
            return Secret.copyOf(line);
        } finally {
            Arrays.fill(line, (byte) 0);
            Arrays.fill(octets, (byte) 0);
        }
    }

    private Secret fromEnvironment(String name) throws DatabaseException {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new DatabaseException("Password_Env: the environment variable " + Printable.of(name) + " is not set");
        }
        return Secret.copyOf(value.getBytes(StandardCharsets.UTF_8));
    }

    private Login fromStores(String key) throws DatabaseException {
        String place = "Password_Key " + Printable.quoted(key) + ": ";
        CredentialAccess access = stores.get()
                .orElseThrow(() -> new DatabaseException(place + "the engine that asks other stores is not there yet"));
        try {
            return switch (access.lookup(new CredentialRef(key))) {
                case Lookup.Found found -> login(found, place);
                case Lookup.NoSuchCredential none -> throw new DatabaseException(place + Printable.of(none.reason()));
                case Lookup.StoreUnavailable down -> throw new DatabaseException(place + Printable.of(down.reason()));
            };
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DatabaseException(place + "given up");
        }
    }

    private Login login(Lookup.Found found, String place) throws DatabaseException {
        try {
            if (!(found.credential() instanceof PasswordCredential password)) {
                throw new DatabaseException(place + "is a " + found.credential().kind() + " and not a password");
            }
            return new Login(
                    options.user().or(() -> Optional.of(password.user()).filter(user -> !user.isEmpty())),
                    Optional.of(password.password().copy()));
        } finally {
            found.close();
        }
    }
}
