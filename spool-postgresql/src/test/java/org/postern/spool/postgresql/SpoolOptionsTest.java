// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stanza may say, and what opens the database. */
class SpoolOptionsTest {

    private static final String URL = "jdbc:postgresql://127.0.0.1/mail";

    @TempDir
    private Path folder;

    private static SpoolOptions read(String... pairs) {
        Map<String, String> properties = new HashMap<>(Map.of("url", URL));
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put(pairs[i], pairs[i + 1]);
        }
        return SpoolOptions.read(properties, "host.example");
    }

    @Test
    void hasDefaultsForAllButTheUrl() {
        SpoolOptions options = read();
        assertThat(options.server().place()).isEqualTo(URL);
        assertThat(options.connections()).isEqualTo(16);
        assertThat(options.lease()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.maxHeld()).isEqualTo(50_000);
        assertThat(options.node()).isEqualTo("host.example");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> SpoolOptions.read(Map.of(), "host"))
                .withMessageContaining("has no URL");
    }

    @Test
    void readsWhatIsWritten() {
        SpoolOptions options =
                read("connections", "3", "lease", "7", "max_held", "9", "node_name", "n".repeat(300), "user", "u");
        assertThat(options.connections()).isEqualTo(3);
        assertThat(options.lease()).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.maxHeld()).isEqualTo(9);
        assertThat(options.node()).hasSize(255);
        assertThat(options.login().user()).contains("u");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://user@host/mail",
                "jdbc:postgresql://host/mail?user=x",
                "jdbc:postgresql://host/mail?socketFactory=org.example.Evil",
                "jdbc:postgresql://host/mail?sslmode=",
                "jdbc:postgresql://host",
                "jdbc:mysql://host/mail",
                "jdbc:postgresql://host/mail\n"
            })
    void refusesUrlsThatSayMoreThanWhereTheDatabaseIs(String url) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> read("url", url))
                .withMessageStartingWith("URL of Spool_PostgreSQL");
    }

    @Test
    void knowsWhetherItIsSureWhoAnswers() {
        assertThat(read().server().verified()).isTrue();
        assertThat(read("url", "jdbc:postgresql://127.0.0.1,db.example/mail")
                        .server()
                        .verified())
                .isFalse();
        SpoolOptions verified = read(
                "url",
                "jdbc:postgresql://db.example/mail?sslmode=verify-full&sslrootcert=ca.pem",
                "postern.config.directory",
                "/etc/postern");
        assertThat(verified.server().verified()).isTrue();
        assertThat(verified.server().url()).endsWith("sslrootcert=/etc/postern/ca.pem");
        assertThat(verified.server().place()).isEqualTo("jdbc:postgresql://db.example/mail");
    }

    @Test
    void takesThePasswordFromAFileOrFromTheEnvironment() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "secret\r\nnot this\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        SpoolOptions fromFile = read("password_file", file.toString());
        assertThat(fromFile.login().password(Map.of())).isEqualTo("secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> fromFile.login().password(Map.of()))
                .withMessageContaining("chmod o= " + file);
        Files.delete(file);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> fromFile.login().password(Map.of()))
                .withMessageContaining("cannot be read");
        SpoolOptions fromEnvironment = read("password_env", "DB");
        assertThat(fromEnvironment.login().password(Map.of("DB", "x"))).isEqualTo("x");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> fromEnvironment.login().password(Map.of()))
                .withMessageContaining("DB is not set");
        assertThat(read().login().password(Map.of())).isEmpty();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> read("password_env", "DB", "password_file", "x"))
                .withMessageContaining("at most one");
    }
}
