// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.io.IOException;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.SettingsVocabularyContract;

/** Whether scripts are described as they are. */
class ScriptletVocabularyTest implements SettingsVocabularyContract {

    @Override
    public SettingsVocabulary vocabulary() {
        return new ScriptletVocabulary();
    }

    @Override
    public String page() throws IOException {
        return LuaPage.read();
    }
}
