// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postern.credential.vault.VaultFixture;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeySource;

/** Calls {@code postern vault} about one vault, and keeps what the last call printed. */
final class VaultShell {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("PHRASE", "a good phrase of ours", "HEX", "ab".repeat(32));

    final Path vault;
    final Path key;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    VaultShell(Path directory) {
        this.vault = directory.resolve("v.kdbx");
        this.key = directory.resolve("v.keyx");
    }

    /** Calls a verb; what is piped in comes first. */
    int run(String input, String... line) {
        out.reset();
        err.reset();
        List<String> words = new ArrayList<>(List.of(line));
        words.addAll(1, List.of("--file", vault.toString()));
        return new VaultCommand(InstantSource.fixed(VaultFixture.NOW), ENVIRONMENT)
                .run(
                        words,
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    VaultFile file() {
        return new VaultFile(vault, new KeySource.KeyFile(key));
    }
}
