// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** Tells the configuration what {@code ESMTP_Listener} means. */
@Component
public final class ListenerVocabulary implements SettingsVocabulary {

    @Override
    public List<Setting<?>> settings() {
        return List.of(ListenerOptions.RELAY_HOSTS);
    }

    @Override
    public List<StanzaType> stanzas() {
        StanzaType listen = StanzaType.innerNamed(
                ListenerOptions.LISTEN,
                "One address and port to listen on, such as \"127.0.0.1:2525\".",
                ListenerOptions.all());
        return List.of(StanzaType.forBundle(
                        ListenerOptions.STANZA,
                        SmtpIntake.PID,
                        "Takes mail in over SMTP; nothing listens without it.",
                        ListenerOptions.all())
                .with(listen)
                .inheriting(ListenerOptions.RELAY_HOSTS));
    }
}
