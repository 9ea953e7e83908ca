// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeySource;

/**
 * Which vault a call is about: the one its options name, else the one the configuration names, else the one in the
 * working directory.
 *
 * @param configured the vault of the configuration, where there is one
 * @param environment for keys that lie there
 */
record VaultChoice(Optional<VaultFile> configured, Map<String, String> environment) {

    static final String FILE = "--file";
    static final String KEY_FILE = "--key-file";
    static final String KEY_ENV = "--key-env";
    static final String KEY_CREDENTIAL = "--key-credential";
    static final Set<String> OPTIONS = Set.of(FILE, KEY_FILE, KEY_ENV, KEY_CREDENTIAL);

    private static final Path DEFAULT = Path.of("postern-vault.kdbx");
    private static final String EXTENSION = ".kdbx";
    private static final String KEY_EXTENSION = ".keyx";

    VaultFile choose(Arguments arguments) throws UsageException {
        Optional<Path> file = arguments.one(FILE).map(Path::of);
        Optional<KeySource> key = key(arguments);
        if (file.isEmpty() && configured.isPresent()) {
            return new VaultFile(
                    configured.get().path(), key.orElse(configured.get().key()));
        }
        Path path = file.orElse(DEFAULT);
        return new VaultFile(path, key.orElseGet(() -> new KeySource.KeyFile(besides(path))));
    }

    private Optional<KeySource> key(Arguments arguments) throws UsageException {
        List<KeySource> keys = new ArrayList<>();
        arguments.one(KEY_FILE).map(Path::of).map(KeySource.KeyFile::new).ifPresent(keys::add);
        arguments
                .one(KEY_ENV)
                .map(name -> new KeySource.KeyVariable(name, environment))
                .ifPresent(keys::add);
        arguments
                .one(KEY_CREDENTIAL)
                .map(name -> new KeySource.SystemdCredential(name, environment))
                .ifPresent(keys::add);
        if (keys.size() > 1) {
            throw new UsageException("one of --key-file, --key-env and --key-credential is enough");
        }
        return keys.stream().findFirst();
    }

    private static Path besides(Path vault) {
        String name = vault.getFileName().toString();
        String stem = name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
        return vault.resolveSibling(stem + KEY_EXTENSION);
    }
}
