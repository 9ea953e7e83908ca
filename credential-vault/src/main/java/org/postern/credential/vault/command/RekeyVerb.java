// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.file.Change;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeyFileFormat;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.credential.Secret;

/** Seals a vault with another key. */
final class RekeyVerb implements Verb {

    private static final String NEW_KEY_FILE = "--new-key-file";
    private static final String NEW_KEY_ENV = "--new-key-env";
    private static final String NEW_KEY_CREDENTIAL = "--new-key-credential";
    private static final String NEW_PASSPHRASE = "--new-passphrase";

    @Override
    public Set<String> valued() {
        return Set.of(NEW_KEY_FILE, NEW_KEY_ENV, NEW_KEY_CREDENTIAL);
    }

    @Override
    public Set<String> flags() {
        return Set.of(NEW_PASSPHRASE);
    }

    @Override
    public String help() {
        return """
                Usage: postern vault rekey [--new-key-file FILE | --new-key-env NAME | --new-key-credential NAME
                                            | --new-passphrase]

                Seals the vault with another key. Without an option the key file is replaced by a new one in its place,
                which a running relay does not notice: at every moment the vault opens with the file or with FILE.next
                beside it. With an option the configuration has to name the new key before the relay opens the vault
                again.

                  --new-key-file FILE        make this key file
                  --new-key-env NAME         the key or passphrase in this environment variable
                  --new-key-credential NAME  this systemd credential
                  --new-passphrase           ask for a passphrase, or take it from the next line of standard input

                Copies of the vault that were made before still open with the old key: if that is known to others, the
                passwords have to be changed too.

                %s""".formatted(VaultChoice.HELP);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        call.arguments().noOperands();
        VaultFile vault = call.vault();
        Change change = new Change("rekey", List.of(), call.clock().instant());
        Optional<KeySource> other = other(call);
        String derivation;
        if (other.isPresent()) {
            derivation = toAnother(vault, other.get(), change);
        } else if (vault.key() instanceof KeySource.KeyFile file) {
            derivation = inPlace(vault, file, change);
        } else {
            throw new UsageException("the vault's key is " + vault.key().describe() + ": name the new one");
        }
        call.out().println("Vault " + vault.path() + " is sealed with its new key, stretched by " + derivation + ".");
    }

    private static String inPlace(VaultFile vault, KeySource.KeyFile file, Change change) throws IOException {
        byte[] fresh = KeyFileFormat.random();
        try {
            return vault.rekey(file, fresh, change);
        } finally {
            Arrays.fill(fresh, (byte) 0);
        }
    }

    private static String toAnother(VaultFile vault, KeySource other, Change change) throws IOException {
        try {
            if (other instanceof KeySource.KeyFile(Path path)) {
                byte[] fresh = KeyFileFormat.random();
                VaultFile.createPrivateFile(path, fresh);
                Arrays.fill(fresh, (byte) 0);
            }
            return vault.rekey(other, change);
        } finally {
            if (other instanceof KeySource.Typed(Secret passphrase)) {
                passphrase.close();
            }
        }
    }

    private static Optional<KeySource> other(Call call) throws UsageException, IOException {
        Arguments arguments = call.arguments();
        List<KeySource> keys = new ArrayList<>();
        Optional<Path> file = arguments.one(NEW_KEY_FILE).map(Path::of);
        if (file.isPresent()) {
            keys.add(new KeySource.KeyFile(absent(file.get())));
        }
        arguments
                .one(NEW_KEY_ENV)
                .map(name -> new KeySource.KeyVariable(name, call.environment()))
                .ifPresent(keys::add);
        arguments
                .one(NEW_KEY_CREDENTIAL)
                .map(name -> new KeySource.SystemdCredential(name, call.environment()))
                .ifPresent(keys::add);
        boolean typed = arguments.has(NEW_PASSPHRASE);
        if (keys.size() + (typed ? 1 : 0) > 1) {
            throw new UsageException("one new key is enough");
        }
        if (typed) {
            keys.add(new KeySource.Typed(SecretInput.readNew("New passphrase", call.in())));
        }
        return keys.stream().findFirst();
    }

    private static Path absent(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("key file " + file + " is there already and was left as it is");
        }
        return file;
    }
}
