// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.SettingsVocabularyContract;

class OAuthVocabularyTest implements SettingsVocabularyContract {

    @Override
    public SettingsVocabulary vocabulary() {
        return new OAuthVocabulary();
    }

    @Override
    public String page() throws Exception {
        return Files.readString(Path.of("../docs/oauth.md"));
    }
}
