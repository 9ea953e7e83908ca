// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.StanzaType;

/**
 * The stanza {@code Datasource}: its words, and what they mean. The URIs may hold passwords and are therefore no part of
 * what Configuration Admin hands over.
 *
 * @param directory where relative paths start
 * @param cacheSize answers kept
 * @param cacheLife how long an answer is good
 * @param maxRows rows that a query returns at most; empty for no limit
 * @param noCache whether every query goes to the database
 * @param passwordKey the credential in the stores that user and password are taken from
 * @param passwordFile a file whose first line is the password
 */
record DatasourceOptions(
        Path directory,
        int cacheSize,
        Duration cacheLife,
        Optional<Integer> maxRows,
        boolean noCache,
        Optional<String> passwordKey,
        Optional<Path> passwordFile) {

    /** The persistent identity of the stanza. */
    static final String PID = "org.postern.policy.lua.datasource";

    static final Setting<List<Secret>> URI = in(
            Setting.of("uri", SettingType.SECRETS, "Databases to ask in turn; those that are down are passed over."));
    static final Setting<Long> CACHE_SIZE =
            in(Setting.of("cache_size", SettingType.integer(0, 1_000_000), 1_000L, "Answers that are kept."));
    static final Setting<Duration> CACHE_LIFE = in(Setting.of(
            "cache_life",
            SettingType.seconds(0, 31_536_000),
            Duration.ofHours(1),
            "Seconds that an answer is used again without asking the database."));
    static final Setting<Long> MAX_ROWS = in(Setting.of(
            "max_rows", SettingType.integer(-1, 1_000_000), 100L, "Rows that a query returns at most; -1 for all."));
    static final Setting<Boolean> NO_CACHE =
            in(Setting.of("no_cache", SettingType.BOOLEAN, false, "Asks the database every time."));
    static final Setting<String> PASSWORD_KEY = in(Setting.of(
            "Password_Key", SettingType.TEXT, "Names the credential in the stores that opens the database."));
    static final Setting<String> PASSWORD_FILE =
            in(Setting.of("Password_File", SettingType.TEXT, "A file whose first line is the database's password."));
    static final Setting<String> POOL =
            in(Setting.of("pool", SettingType.TEXT, "IO", "Accepted; each datasource has threads of its own."));
    static final Setting<Boolean> SERIALIZED =
            in(Setting.of("serialized", SettingType.BOOLEAN, true, "Accepted; answers are not shared in a cluster."));
    static final Setting<String> ASSUME_CHARSET =
            in(Setting.of("assume_charset", SettingType.TEXT, "Accepted; octets reach the script as they are stored."));

    static final StanzaType STANZA = new StanzaType(
            "Datasource",
            Optional.of(PID),
            true,
            List.of(
                    URI,
                    CACHE_SIZE,
                    CACHE_LIFE,
                    MAX_ROWS,
                    NO_CACHE,
                    PASSWORD_KEY,
                    PASSWORD_FILE,
                    POOL,
                    SERIALIZED,
                    ASSUME_CHARSET),
            List.of(),
            Set.of(),
            false,
            "A database that Lua scripts ask by this name.");

    private static final String DIRECTORY = "postern.config.directory";

    private static <T> Setting<T> in(Setting<T> setting) {
        return setting.in(ScopeKind.GLOBAL);
    }

    /** What the dictionary of a stanza says. */
    static DatasourceOptions read(Map<String, ?> properties) {
        Path directory = Path.of(text(properties, DIRECTORY).orElse(""));
        int maxRows = number(properties, MAX_ROWS);
        return new DatasourceOptions(
                directory,
                number(properties, CACHE_SIZE),
                text(properties, CACHE_LIFE.key())
                        .map(Long::parseLong)
                        .map(Duration::ofSeconds)
                        .or(CACHE_LIFE::defaultValue)
                        .orElseThrow(),
                maxRows < 0 ? Optional.empty() : Optional.of(maxRows),
                text(properties, NO_CACHE.key()).map(Boolean::parseBoolean).orElse(false),
                text(properties, PASSWORD_KEY.key()),
                text(properties, PASSWORD_FILE.key()).map(directory::resolve));
    }

    private static int number(Map<String, ?> properties, Setting<Long> setting) {
        return text(properties, setting.key())
                .map(Long::parseLong)
                .or(setting::defaultValue)
                .orElseThrow()
                .intValue();
    }

    private static Optional<String> text(Map<String, ?> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(Object::toString).filter(text -> !text.isEmpty());
    }
}
