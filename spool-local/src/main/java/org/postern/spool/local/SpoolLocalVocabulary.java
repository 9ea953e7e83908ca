// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** The stanza {@code Spool_Local}. Depends on no configuration, so that the stanza is understood before it is read. */
@Component
public final class SpoolLocalVocabulary implements SettingsVocabulary {

    static final String PID = "org.postern.spool.local";

    static final long DEFAULT_MIN_FREE_MB = 100;

    static final Setting<String> DIRECTORY = Setting.of(
            "Directory",
            SettingType.TEXT,
            "Where accepted mail is kept; a relative path starts from the directory of the configuration file."
                    + " Without it: spool in the instance's state directory");

    static final Setting<Long> MIN_FREE_MB = Setting.of(
            "Min_Free_MB",
            SettingType.integer(0, 1L << 32),
            DEFAULT_MIN_FREE_MB,
            "New mail is refused while less than this is left on the disk, in MB of 1,048,576 octets");

    static final Setting<Long> MAX_HELD = Setting.of(
            "Max_Held",
            SettingType.integer(1, 10_000_000),
            100_000L,
            "Messages that are held in memory at once; what waits beyond that is on the disk alone");

    static final Setting<Long> MAX_MESSAGES = Setting.of(
            "Max_Messages",
            SettingType.integer(0, 1L << 32),
            0L,
            "New mail is refused while so many messages wait; 0 for as many as the disk has room for");

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public List<StanzaType> stanzas() {
        return List.of(StanzaType.forBundle(
                        "Spool_Local",
                        PID,
                        "The embedded durable spool: where mail waits on this machine's disk",
                        DIRECTORY,
                        MIN_FREE_MB,
                        MAX_HELD,
                        MAX_MESSAGES)
                .evenIfAbsent()
                .inRole("spool"));
    }
}
