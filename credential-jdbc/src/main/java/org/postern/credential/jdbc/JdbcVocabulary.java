// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** Makes the stanza {@code Credential_JDBC} known to the configuration. */
@Component
public final class JdbcVocabulary implements SettingsVocabulary {

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public List<StanzaType> stanzas() {
        return List.of(AccountOptions.STANZA);
    }
}
