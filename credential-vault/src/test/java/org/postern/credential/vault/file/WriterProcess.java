// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import java.nio.file.Path;
import org.postern.credential.vault.VaultFixture;
import org.postern.credential.vault.key.KeySource;

/** A writer in a process of its own, for {@link VaultFileTest}. */
final class WriterProcess {

    private WriterProcess() {}

    /** Takes the vault, its key, a name and how many entries to add. */
    public static void main(String[] words) throws Exception {
        VaultFixture vault =
                new VaultFixture(new VaultFile(Path.of(words[0]), new KeySource.KeyFile(Path.of(words[1]))));
        for (int i = 0; i < Integer.parseInt(words[3]); i++) {
            vault.set(words[2] + "-" + i, words[2], "secret");
        }
    }

    static Process start(VaultFixture vault, String name, int count) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WriterProcess.class.getName(),
                        vault.path().toString(),
                        vault.key().toString(),
                        name,
                        Integer.toString(count))
                .inheritIO()
                .start();
    }
}
