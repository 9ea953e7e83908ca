// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeyFileFormat;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.credential.Secret;

/** Makes an empty vault and its key file, and overwrites neither. */
final class InitVerb implements Verb {

    @Override
    public String help() {
        return """
                Usage: postern vault init [--file FILE]
                                          [--key-file FILE | --key-env NAME | --key-credential NAME | --passphrase]

                Makes an empty vault, a KeePass file that KeePassXC opens too, and a key file of 32 random octets for
                it. Both are readable by you alone, and neither is overwritten if it is there.

                  --file FILE            the vault (default: the configured one, or ./postern-vault.kdbx)
                  --key-file FILE        the key file to make (default: beside the vault, named .keyx)
                  --key-env NAME         seal with the key or passphrase in this environment variable instead
                  --key-credential NAME  seal with this systemd credential instead
                  --passphrase           ask for a passphrase to seal with instead; a relay has nobody to ask and
                                         needs one of the others

                Whoever has both files has every password in them: keep the key where backups of the vault are not.
                """;
    }

    @Override
    public Secret passphrase(InputStream in) throws IOException {
        return SecretInput.readNew("New passphrase", in);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        call.arguments().noOperands();
        VaultFile vault = call.vault();
        refuseExisting(vault.path(), "vault");
        String derivation = vault.key() instanceof KeySource.KeyFile file
                ? createBoth(call, file.path())
                : vault.create(call.clock());
        call.out().println("Vault " + vault.path() + " made, key stretched by " + derivation + ".");
        if (vault.key() instanceof KeySource.KeyFile file) {
            call.out()
                    .println("Key file " + file.path() + " made: without it the vault cannot be opened. Keep a copy"
                            + " apart from the vault.");
        }
    }

    private static String createBoth(Call call, Path keyFile) throws IOException {
        refuseExisting(keyFile, "key file");
        byte[] content = KeyFileFormat.random();
        VaultFile.createPrivateFile(keyFile, content);
        Arrays.fill(content, (byte) 0);
        try {
            return call.vault().create(call.clock());
        } catch (IOException | RuntimeException failed) {
            // Made a moment ago for a vault that does not exist: it seals nothing.
            Files.deleteIfExists(keyFile);
            throw failed;
        }
    }

    private static void refuseExisting(Path file, String what) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(what + " " + file + " is there already and was left as it is");
        }
    }
}
