// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** The stanza {@code Spool_PostgreSQL}. Depends on no configuration, so that the stanza is understood before it is read. */
@Component
public final class SpoolPostgresqlVocabulary implements SettingsVocabulary {

    static final String PID = "org.postern.spool.postgresql";

    static final Setting<String> URL = Setting.of(
            "URL",
            SettingType.matching(ServerUrl.FORM_IN_WORDS, ServerUrl.FORM),
            "The database, as a JDBC URL without user and password");

    static final Setting<String> USER = Setting.of("User", SettingType.TEXT, "The account in the database");

    static final Setting<String> PASSWORD_FILE =
            Setting.of("Password_File", SettingType.TEXT, "A file whose first line is the database's password");

    static final Setting<String> PASSWORD_ENV =
            Setting.of("Password_Env", SettingType.TEXT, "The environment variable that holds the database's password");

    static final Setting<Long> CONNECTIONS = Setting.of(
            "Connections",
            SettingType.integer(2, 256),
            16L,
            "Connections to the database at most, beside one for the lease and two for what nodes tell one another");

    static final Setting<Duration> LEASE = Setting.of(
            "Lease",
            SettingType.seconds(5, 3600),
            Duration.ofSeconds(20),
            "Seconds without a sign of life after which the other nodes take over what a node held");

    static final Setting<Long> MAX_HELD = Setting.of(
            "Max_Held",
            SettingType.integer(1, 10_000_000),
            50_000L,
            "Messages that a node holds at once; what it accepts beyond that is for any node to deliver");

    static final Setting<String> CLUSTER_KEY_FILE = Setting.of(
            "Cluster_Key_File",
            SettingType.TEXT,
            "A file whose first line is a key that all nodes share: what they tell one another lies sealed under it in the"
                    + " database");

    static final Setting<String> NODE_NAME = Setting.of(
            "Node_Name",
            SettingType.TEXT,
            "What this node is called in the database's tables. Without it: the host's name");

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public List<StanzaType> stanzas() {
        return List.of(StanzaType.forBundle(
                        "Spool_PostgreSQL",
                        PID,
                        "A spool in PostgreSQL that several machines share",
                        URL,
                        USER,
                        PASSWORD_FILE,
                        PASSWORD_ENV,
                        CONNECTIONS,
                        LEASE,
                        MAX_HELD,
                        CLUSTER_KEY_FILE,
                        NODE_NAME)
                .inRole("spool"));
    }
}
