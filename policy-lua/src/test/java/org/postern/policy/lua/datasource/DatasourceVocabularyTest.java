// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.SettingsVocabularyContract;

/** Whether datasources are described as they are. */
class DatasourceVocabularyTest implements SettingsVocabularyContract {

    @Override
    public SettingsVocabulary vocabulary() {
        return new DatasourceVocabulary();
    }

    @Override
    public String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "datasources.md"));
    }
}
