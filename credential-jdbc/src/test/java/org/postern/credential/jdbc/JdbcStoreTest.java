// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.credential.jdbc.AccountsFixture.execute;
import static org.postern.credential.jdbc.AccountsFixture.found;
import static org.postern.credential.jdbc.AccountsFixture.missing;
import static org.postern.credential.jdbc.AccountsFixture.stanza;
import static org.postern.credential.jdbc.AccountsFixture.unavailable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.LookupAttribute;
import org.postern.testkit.Canaries;
import org.sqlite.SQLiteDataSource;

@Timeout(60)
class JdbcStoreTest {

    private static final String QUERY = "SELECT login AS username, secret AS password FROM accounts WHERE name = :key";

    @TempDir
    Path folder;

    private final List<Accounts> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (Accounts accounts : opened) {
            accounts.close();
        }
    }

    private SQLiteDataSource database(String name, String user) throws Exception {
        Path file = Files.createFile(
                folder.resolve(name + ".db"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        execute(source::getConnection, "CREATE TABLE accounts (name TEXT, login TEXT, secret TEXT)");
        execute(
                source::getConnection,
                "INSERT INTO accounts VALUES ('relay', ?, 'secret'), ('a/b', ?, 'secret')",
                user,
                user);
        return source;
    }

    private Accounts accounts(String name, String user) throws Exception {
        return open(stanza(name, database(name, user).getUrl(), "query", QUERY));
    }

    private Accounts open(Map<String, Object> stanza) {
        Accounts accounts = AccountsFixture.accounts(stanza, Map.of());
        opened.add(accounts);
        return accounts;
    }

    @Test
    void takesTheStanzaFromTheBeginningOfTheKey() throws Exception {
        JdbcStore store = AccountsFixture.store(accounts("one", "alice"), accounts("two", "bob"));
        assertThat(store.name()).isEqualTo("jdbc");
        assertThat(found(store.lookup(new CredentialRef("one/relay"))).user()).isEqualTo("alice");
        assertThat(found(store.lookup(new CredentialRef("two/relay"))).user()).isEqualTo("bob");
        assertThat(found(store.lookup(new CredentialRef("two/a/b"))).user()).isEqualTo("bob");
        assertThat(missing(store.lookup(new CredentialRef("relay"))))
                .contains("does not begin with the name of a Credential_JDBC stanza")
                .endsWith("one, two");
        assertThat(missing(store.lookup(new CredentialRef("two/mistyped")))).contains("no account \"mistyped\"");
    }

    @Test
    void takesAKeyWithoutAStanzaWhereThereIsOne() throws Exception {
        Accounts one = accounts("one", "alice");
        JdbcStore store = AccountsFixture.store(one);
        assertThat(found(store.lookup(new CredentialRef("relay"))).user()).isEqualTo("alice");
        assertThat(found(store.lookup(new CredentialRef("one/relay"))).user()).isEqualTo("alice");
        assertThat(found(store.lookup(new CredentialRef("a/b"))).user()).isEqualTo("alice");
        store.removeAccounts(one);
        assertThat(unavailable(store.lookup(new CredentialRef("relay")))).isEqualTo("is being replaced");
    }

    @Test
    void aStanzaThatComesBackBeforeItWentStays() throws Exception {
        Accounts before = accounts("one", "alice");
        JdbcStore store = AccountsFixture.store(before);
        Accounts after = open(stanza("one", "jdbc:sqlite:" + folder.resolve("one.db"), "query", QUERY));
        store.addAccounts(after);
        store.removeAccounts(before);
        assertThat(found(store.lookup(new CredentialRef("one/relay"))).user()).isEqualTo("alice");
    }

    @Test
    void asksForTheAttributesOfAllItsQueries() throws Exception {
        Accounts plain = accounts("one", "alice");
        Accounts byDomain = open(stanza(
                "two",
                "jdbc:sqlite:two.db",
                "query",
                "SELECT 1 AS password WHERE :key || :domain || :sender || :binding_group IS NOT NULL"));
        assertThat(AccountsFixture.store(plain).attributes()).isEmpty();
        assertThat(AccountsFixture.store(plain, byDomain).attributes())
                .containsExactlyInAnyOrder(
                        LookupAttribute.DOMAIN, LookupAttribute.SENDER, LookupAttribute.BINDING_GROUP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url || needs exactly one of URL and DataSource",
                "datasource | x | needs exactly one of URL and DataSource",
                "query || has no Query",
                "query | SELECT 1 AS password | Query does not use :key",
                "query | SELECT :kye | Query uses :kye",
                "changes | SELECT :key | Changes uses :key, and has no parameters",
                "notify | x | Notify is for jdbc:postgresql alone",
                "password_file | x | needs at most one of Password_File, Password_Env and Password_Key"
            })
    void saysWhatIsWrongWithAStanza(String option, String value, String reason) throws Exception {
        Map<String, Object> stanza = stanza("one", "jdbc:sqlite:one.db", "password_env", "X");
        stanza.put(option, value == null ? "" : value);
        assertThat(unavailable(AccountsFixture.store(open(stanza)).lookup(new CredentialRef("relay"))))
                .startsWith("Credential_JDBC \"one\": ")
                .contains(reason);
    }

    @Test
    void asksADataSourceThatAnotherBundleOffers() throws Exception {
        SQLiteDataSource database = database("one", "alice");
        Map<String, Object> stanza =
                stanza("one", "", "datasource", "jdbc/accounts", "query", QUERY, "query_timeout", "2");
        Accounts accounts = open(stanza);
        JdbcStore store = AccountsFixture.store(accounts);
        assertThat(unavailable(store.lookup(new CredentialRef("relay"))))
                .contains("DataSource jdbc/accounts")
                .contains("no DataSource service of this name is installed");
        OfferedService<DataSource> other = new OfferedService<>(1, Map.of("osgi.jndi.service.name", "jdbc/other"));
        OfferedService<DataSource> offered = new OfferedService<>(2, Map.of("osgi.jndi.service.name", "jdbc/accounts"));
        accounts.addDataSource(new SQLiteDataSource(), other);
        accounts.addDataSource(database, offered);
        assertThat(found(DatabaseContract.onceItAnswers(accounts)).user()).isEqualTo("alice");

        SQLiteDataSource successor = database("two", "bob");
        OfferedService<DataSource> replacing = new OfferedService<>(3, Map.of("dataSourceName", "jdbc/accounts"));
        accounts.addDataSource(successor, replacing);
        accounts.removeDataSource(database, offered);
        assertThat(found(DatabaseContract.onceItAnswers(accounts)).user()).isEqualTo("bob");
    }

    @Test
    void showsNoPasswordInTextsOrInTheLog() throws Exception {
        Canaries canaries = new Canaries();
        String secret = canaries.plant("password");
        SQLiteDataSource database = database("one", "alice");
        execute(database::getConnection, "UPDATE accounts SET secret = ?", secret);
        Accounts accounts = open(stanza("one", database.getUrl(), "query", QUERY));
        try (LogCapture log = new LogCapture()) {
            JdbcStore store = AccountsFixture.store(accounts);
            canaries.assertAbsentFrom(
                    "an answer", store.lookup(new CredentialRef("relay")).toString());
            execute(database::getConnection, "INSERT INTO accounts VALUES ('relay', 'bob', ?)", secret);
            canaries.assertAbsentFrom(
                    "an answer", store.lookup(new CredentialRef("relay")).toString());
            canaries.assertAbsentFrom("texts", store + " " + accounts);
            accounts.close();
            canaries.assertAbsentFrom("the log", log.text());
            assertThat(log.text()).isNotBlank();
        }
    }
}
