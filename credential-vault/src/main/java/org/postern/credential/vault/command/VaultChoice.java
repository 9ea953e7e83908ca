// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.credential.Secret;

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
    static final String PASSPHRASE = "--passphrase";
    static final Set<String> OPTIONS = Set.of(FILE, KEY_FILE, KEY_ENV, KEY_CREDENTIAL);
    static final Set<String> FLAGS = Set.of(PASSPHRASE);

    /** The lines of a help text about these options. */
    static final String HELP = """
              --file FILE            the vault (default: the configured one, or ./postern-vault.kdbx)
              --key-file FILE        its key file (default: the configured key, or beside the vault, named .keyx)
              --key-env NAME         its key or passphrase is in this environment variable
              --key-credential NAME  its key is this systemd credential
              --passphrase           ask for its passphrase, or take it from the first line of standard input
            """.indent(-12);

    private static final Path DEFAULT = Path.of("postern-vault.kdbx");
    private static final String EXTENSION = ".kdbx";
    private static final String KEY_EXTENSION = ".keyx";

    /** Asks for a passphrase, if the arguments say that there is one. */
    @FunctionalInterface
    interface Prompt {

        Secret ask() throws IOException;
    }

    VaultFile choose(Arguments arguments, Prompt prompt) throws UsageException, IOException {
        Optional<Path> file = arguments.one(FILE).map(Path::of);
        Optional<KeySource> key = key(arguments, prompt);
        if (file.isEmpty() && configured.isPresent()) {
            return new VaultFile(
                    configured.get().path(), key.orElse(configured.get().key()));
        }
        Path path = file.orElse(DEFAULT);
        return new VaultFile(path, key.orElseGet(() -> new KeySource.KeyFile(besides(path))));
    }

    private Optional<KeySource> key(Arguments arguments, Prompt prompt) throws UsageException, IOException {
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
        boolean typed = arguments.has(PASSPHRASE);
        if (keys.size() + (typed ? 1 : 0) > 1) {
            throw new UsageException("one of --key-file, --key-env, --key-credential and --passphrase is enough");
        }
        if (typed) {
            keys.add(new KeySource.Typed(prompt.ask()));
        }
        return keys.stream().findFirst();
    }

    private static Path besides(Path vault) {
        String name = vault.getFileName().toString();
        String stem = name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
        return vault.resolveSibling(stem + KEY_EXTENSION);
    }
}
