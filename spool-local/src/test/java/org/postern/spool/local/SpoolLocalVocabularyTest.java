// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.SettingsVocabularyContract;

/** Whether the spool is described as it is. */
class SpoolLocalVocabularyTest implements SettingsVocabularyContract {

    @Override
    public SettingsVocabulary vocabulary() {
        return new SpoolLocalVocabulary();
    }

    @Override
    public String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "spool.md"));
    }
}
