// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.settings.StanzaCheck;
import org.postern.testkit.StanzaCheckContract;

class FolderCheckTest implements StanzaCheckContract {

    @TempDir
    Path folder;

    @Override
    public StanzaCheck check() {
        return new FolderCheck();
    }

    @Override
    public Map<String, ?> right() {
        return Map.of("directory", ".", "postern.config.directory", folder.toString());
    }

    @Override
    public Map<String, ?> wrong() {
        return Map.of("directory", "$HOME\nHOME", "postern.config.directory", folder.toString());
    }

    private List<String> findings(String... folders) {
        return new FolderCheck()
                .check(Map.of("directory", folders, "postern.config.directory", folder.toString())).stream()
                        .map(Object::toString)
                        .toList();
    }

    @Test
    void looksForTheFoldersThatAStanzaNames() {
        assertThat(findings(".", "$CREDENTIALS_DIRECTORY")).isEmpty();
        assertThat(new FolderCheck().check(Map.of())).isEmpty();
        assertThat(findings(".", "secrets"))
                .containsExactly(folder.resolve("secrets") + ": warning: there is no such folder");
        assertThat(findings("$HOME"))
                .containsExactly(
                        "error: Credential_File: Directory \"$HOME\" is neither a path nor $CREDENTIALS_DIRECTORY");
        assertThat(new FolderCheck().pid())
                .isEqualTo(FileConfiguration.STANZA.pid().orElseThrow());
    }
}
