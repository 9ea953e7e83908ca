// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.SettingsVocabularyContract;

/** Whether accounts in databases are described as they are. */
class JdbcVocabularyTest implements SettingsVocabularyContract {

    @Override
    public SettingsVocabulary vocabulary() {
        return new JdbcVocabulary();
    }

    @Override
    public String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "credential-jdbc.md"));
    }
}
