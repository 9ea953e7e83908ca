// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.SettingsVocabularyContract;

class HashicorpVocabularyTest implements SettingsVocabularyContract {

    @Override
    public SettingsVocabulary vocabulary() {
        return new HashicorpVocabulary();
    }

    @Override
    public String page() throws Exception {
        return Files.readString(Path.of("../docs/hashicorp.md"));
    }
}
