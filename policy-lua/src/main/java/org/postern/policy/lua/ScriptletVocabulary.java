// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** Tells the configuration what {@code scriptlet} means, and that {@code alerting} means nothing. */
@Component
public final class ScriptletVocabulary implements SettingsVocabulary {

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public List<StanzaType> stanzas() {
        StanzaType script = StanzaType.innerNamed(
                ScriptletOptions.SCRIPT, "One script, under a name of its own.", ScriptletOptions.SOURCE);
        return List.of(
                new StanzaType(
                                ScriptletOptions.STANZA,
                                Optional.of(LuaHooks.PID),
                                true,
                                List.of(ScriptletOptions.all()),
                                List.of(script),
                                Set.of(),
                                false,
                                "Scripts in Lua that hooks are taken from, in the order of the file.")
                        .thatDecides(),
                new StanzaType(
                        "alerting",
                        Optional.empty(),
                        false,
                        List.of(ScriptletOptions.ENABLED, ScriptletOptions.DEBUG_LEVEL),
                        List.of(),
                        Set.of(),
                        false,
                        "Accepted, because inherited files have it before their scripts; it does nothing."));
    }
}
