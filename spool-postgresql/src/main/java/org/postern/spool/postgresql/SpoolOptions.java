// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.settings.Setting;

/**
 * What the stanza says.
 *
 * @param server where the database is
 * @param login what opens it
 * @param connections at most
 * @param lease how long a node is believed to live without a sign of life
 * @param maxHeld messages that a node holds at once
 * @param clusterKey the file with the key that nodes share, if they share one
 * @param node what this node is called
 */
record SpoolOptions(
        ServerUrl server,
        DatabaseLogin login,
        int connections,
        Duration lease,
        int maxHeld,
        Optional<Path> clusterKey,
        String node) {

    private static final String CONFIG_DIRECTORY = "postern.config.directory";
    private static final int LONGEST_NAME = 255;

    /**
     * What the dictionary of the stanza says.
     *
     * @param host the host's name
     * @throws IllegalArgumentException with one line for people, if it is incomplete or contradicts itself
     */
    static SpoolOptions read(Map<String, ?> properties, String host) {
        Path directory = Path.of(text(properties, CONFIG_DIRECTORY).orElse(""));
        String url = text(properties, SpoolPostgresqlVocabulary.URL.key())
                .orElseThrow(() -> new IllegalArgumentException("Spool_PostgreSQL has no URL"));
        String node =
                text(properties, SpoolPostgresqlVocabulary.NODE_NAME.key()).orElse(host);
        return new SpoolOptions(
                server(url, directory),
                login(properties, directory),
                number(properties, SpoolPostgresqlVocabulary.CONNECTIONS).intValue(),
                Duration.ofSeconds(text(properties, SpoolPostgresqlVocabulary.LEASE.key())
                        .map(Long::valueOf)
                        .orElseGet(() -> SpoolPostgresqlVocabulary.LEASE
                                .defaultValue()
                                .orElseThrow()
                                .toSeconds())),
                number(properties, SpoolPostgresqlVocabulary.MAX_HELD).intValue(),
                text(properties, SpoolPostgresqlVocabulary.CLUSTER_KEY_FILE.key())
                        .map(directory::resolve),
                node.substring(0, Math.min(node.length(), LONGEST_NAME)));
    }

    private static ServerUrl server(String url, Path directory) {
        try {
            return ServerUrl.read(url, directory);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("URL of Spool_PostgreSQL " + wrong.getMessage(), wrong);
        }
    }

    private static DatabaseLogin login(Map<String, ?> properties, Path directory) {
        Optional<Path> file =
                text(properties, SpoolPostgresqlVocabulary.PASSWORD_FILE.key()).map(directory::resolve);
        Optional<String> variable = text(properties, SpoolPostgresqlVocabulary.PASSWORD_ENV.key());
        if (file.isPresent() && variable.isPresent()) {
            throw new IllegalArgumentException("Spool_PostgreSQL needs at most one of Password_File and Password_Env");
        }
        return new DatabaseLogin(text(properties, SpoolPostgresqlVocabulary.USER.key()), file, variable);
    }

    private static Long number(Map<String, ?> properties, Setting<Long> setting) {
        return text(properties, setting.key())
                .map(Long::valueOf)
                .or(setting::defaultValue)
                .orElseThrow();
    }

    private static Optional<String> text(Map<String, ?> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(Object::toString).filter(text -> !text.isBlank());
    }
}
