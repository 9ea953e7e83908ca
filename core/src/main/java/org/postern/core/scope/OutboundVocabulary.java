// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** Tells settings stores which options the delivery engine understands. Depends on nothing, so that it is there first. */
@Component
public final class OutboundVocabulary implements SettingsVocabulary {

    @Override
    public List<Setting<?>> settings() {
        return OutboundSettings.all();
    }

    @Override
    public List<StanzaType> stanzas() {
        return List.of();
    }
}
