// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.credential.jdbc.AccountsFixture.execute;
import static org.postern.credential.jdbc.AccountsFixture.missing;
import static org.postern.credential.jdbc.AccountsFixture.password;
import static org.postern.credential.jdbc.AccountsFixture.unavailable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteTest extends DatabaseContract {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("accounts.db");
    }

    @Override
    String url() {
        return "jdbc:sqlite:" + file();
    }

    @Override
    String[] opening() {
        return new String[0];
    }

    @Override
    AccountsFixture.Opening superuser() throws Exception {
        if (!Files.exists(file())) {
            Files.createFile(
                    file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url());
        return source::getConnection;
    }

    @Override
    String octets() {
        return "BLOB";
    }

    @Override
    String time() {
        return "TEXT";
    }

    @Test
    void takesTextThatIsNotUtf8ForNoPassword() throws Exception {
        execute(superuser(), "INSERT INTO accounts (name, secret) VALUES ('relay', CAST(x'6772fcdf65' AS TEXT))");
        assertThat(missing(ask(open(), "relay"))).contains("not UTF-8");
    }

    @Test
    void takesSecondsForATime() throws Exception {
        execute(superuser(), "INSERT INTO accounts (name, secret, expires) VALUES ('relay', 'x', 981173106)");
        assertThat(missing(ask(open(), "relay"))).contains("expired on 2001-02-03T04:05:06Z");
        execute(superuser(), "UPDATE accounts SET expires = '2001-02-03T04:05:06+02:00'");
        assertThat(missing(ask(open(), "relay"))).contains("expired on 2001-02-03T02:05:06Z");
        execute(superuser(), "UPDATE accounts SET expires = 'tomorrow'");
        assertThat(missing(ask(open(), "relay"))).contains("a time in the column expires that cannot be read");
    }

    @Test
    void writesNothing() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--------"));
        byte[] before = Files.readAllBytes(file());
        assertThat(password(ask(open(), "relay"))).isEqualTo("secret");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    @DisplayName("C2-17: refuses a file that is open to all, and makes none where there is none")
    void refusesAFileThatIsOpenToAll() throws Exception {
        superuser();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(unavailable(ask(open("query_timeout", "2"), "relay")))
                .contains("is open to all accounts: chmod o= ");
        Path absent = folder.resolve("mistyped.db");
        assertThat(unavailable(ask(
                        open(AccountsFixture.stanza("absent", "jdbc:sqlite:" + absent, "query_timeout", "2")),
                        "relay")))
                .contains("mistyped.db does not exist");
        assertThat(absent).doesNotExist();
        Path text = Files.createFile(
                folder.resolve("no.db"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(text, "this is no database, whatever its name says");
        assertThat(unavailable(ask(
                        open(AccountsFixture.stanza("text", "jdbc:sqlite:" + text, "query_timeout", "2")), "relay")))
                .contains("file is not a database");
    }

    @Test
    void readsRelativePathsFromTheDirectoryOfTheConfiguration() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Map<String, Object> stanza = AccountsFixture.stanza("relative", "jdbc:sqlite:accounts.db");
        stanza.put("postern.config.directory", folder.toString());
        assertThat(password(ask(open(stanza), "relay"))).isEqualTo("secret");
    }

    @Test
    void reachesNoOtherFile() throws Exception {
        Path other = folder.resolve("other.db");
        for (String query : new String[] {
            "SELECT load_extension('" + other + "') AS password WHERE :key IS NOT NULL",
            "SELECT readfile('/etc/passwd') AS password WHERE :key IS NOT NULL",
            "SELECT writefile('" + other + "', 'x') AS password WHERE :key IS NOT NULL"
        }) {
            assertThat(unavailable(ask(open("query", query), "relay"))).isNotBlank();
        }
        assertThat(other).doesNotExist();
    }
}
