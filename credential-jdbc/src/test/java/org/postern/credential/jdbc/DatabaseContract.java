// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.credential.jdbc.AccountsFixture.execute;
import static org.postern.credential.jdbc.AccountsFixture.found;
import static org.postern.credential.jdbc.AccountsFixture.missing;
import static org.postern.credential.jdbc.AccountsFixture.password;
import static org.postern.credential.jdbc.AccountsFixture.unavailable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.credential.PasswordCredential;
import org.postern.testkit.CredentialStoreContract;
import org.postern.testkit.database.DatabaseServer;

/** What holds with every kind of database. Runs against real ones. */
@Timeout(120)
abstract class DatabaseContract implements CredentialStoreContract {

    private static final AtomicInteger STANZAS = new AtomicInteger();

    private final List<Accounts> opened = new ArrayList<>();
    private JdbcStore store;

    /** Where the database is. */
    abstract String url() throws Exception;

    /** The options of the stanza that open it. */
    abstract String[] opening();

    /** A connection that may do everything. */
    abstract AccountsFixture.Opening superuser() throws Exception;

    /** The types of columns for octets and for times. */
    abstract String octets();

    abstract String time();

    @BeforeEach
    void fill() throws Exception {
        execute(superuser(), "DROP TABLE IF EXISTS accounts");
        execute(
                superuser(),
                "CREATE TABLE accounts (name VARCHAR(200), login VARCHAR(200), secret " + octets()
                        + ", mechanism VARCHAR(40), hosts VARCHAR(200), version VARCHAR(200), next_secret " + octets()
                        + ", expires " + time() + ", domain VARCHAR(200), binding VARCHAR(200))");
        store = AccountsFixture.store(open());
    }

    @AfterEach
    void close() throws Exception {
        for (Accounts accounts : opened) {
            accounts.close();
        }
    }

    Accounts open(String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of(opening()));
        options.addAll(List.of(more));
        return open(
                AccountsFixture.stanza("accounts" + STANZAS.incrementAndGet(), url(), options.toArray(String[]::new)));
    }

    Accounts open(Map<String, Object> stanza) {
        Accounts accounts = AccountsFixture.accounts(
                stanza, Map.of("DB_PASSWORD", DatabaseServer.PASSWORD, "WRONG", "c4nary-wrong"));
        opened.add(accounts);
        return accounts;
    }

    static Lookup ask(Accounts accounts, String key) throws Exception {
        return accounts.lookup(new CredentialRef(key), key);
    }

    /** After a failure a database is left alone for a moment. */
    static Lookup onceItAnswers(Accounts accounts) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> ask(accounts, "relay"), answer -> !(answer instanceof Lookup.StoreUnavailable));
    }

    void insert(String key, String user, Object password) throws Exception {
        execute(superuser(), "INSERT INTO accounts (name, login, secret) VALUES (?, ?, ?)", key, user, password);
    }

    @Override
    public CredentialStore store() {
        return store;
    }

    @Override
    public void put(String key, String user, String password) throws Exception {
        if (!(store.lookup(new CredentialRef(key)) instanceof Lookup.Found found)) {
            insert(key, user, password.getBytes(UTF_8));
            return;
        }
        found.close();
        execute(
                superuser(),
                "UPDATE accounts SET login = ?, secret = ? WHERE name = ?",
                user,
                password.getBytes(UTF_8),
                key);
    }

    @Override
    public void remove(String key) throws Exception {
        execute(superuser(), "DELETE FROM accounts WHERE name = ?", key);
    }

    @Override
    public Optional<CredentialStore> unavailableStore() throws Exception {
        return Optional.of(AccountsFixture.store(
                open(AccountsFixture.stanza("dead", "jdbc:postgresql://127.0.0.1:1/mail", "query_timeout", "1"))));
    }

    @Test
    void takesEverythingFromOneRow() throws Exception {
        execute(
                superuser(),
                "INSERT INTO accounts (name, login, secret, mechanism, hosts, version, next_secret, expires) "
                        + "VALUES ('relay', 'alice', ?, 'scram-sha-256', 'mx.example.com, SMTP.example.com', '7', ?, "
                        + "'2100-01-02 03:04:05')",
                "old".getBytes(UTF_8),
                "new".getBytes(UTF_8));
        Lookup.Found both = (Lookup.Found) store.lookup(new CredentialRef("relay"));
        PasswordCredential present = found(both);
        assertThat(present.user()).isEqualTo("alice");
        assertThat(present.mechanism()).contains("SCRAM-SHA-256");
        assertThat(present.allowedHosts()).containsExactlyInAnyOrder("mx.example.com", "smtp.example.com");
        assertThat(present.version()).isEqualTo(new CredentialVersion("7"));
        assertThat(present.validity().expiry()).contains(Instant.parse("2100-01-02T03:04:05Z"));
        PasswordCredential next = (PasswordCredential) both.next().orElseThrow();
        assertThat(next.user()).isEqualTo("alice");
        assertThat(password(new Lookup.Found(next))).isEqualTo("new");
        assertThat(next.version()).isNotEqualTo(present.version());

        execute(superuser(), "UPDATE accounts SET secret = next_secret, next_secret = NULL, version = '8'");
        Lookup.Found after = (Lookup.Found) store.lookup(new CredentialRef("relay"));
        assertThat(after.credential().version()).isEqualTo(next.version());
        assertThat(after.next()).isEmpty();
    }

    @Test
    @DisplayName("C2-16: no row is no credential, two rows are none either, and NULL is no password")
    void wantsExactlyOneRowWithAPassword() throws Exception {
        assertThat(missing(ask(open(), "relay"))).contains("no account \"relay\" in Credential_JDBC");
        insert("relay", "alice", null);
        assertThat(missing(ask(open(), "relay"))).contains("has no password: the column is NULL");
        execute(superuser(), "UPDATE accounts SET secret = ?", (Object) new byte[0]);
        assertThat(missing(ask(open(), "relay"))).contains("has an empty password");
        execute(superuser(), "DELETE FROM accounts");
        insert("relay", "alice", "c4nary".getBytes(UTF_8));
        insert("relay", "bob", "c4nary".getBytes(UTF_8));
        assertThat(missing(ask(open(), "relay"))).contains("more than one row").doesNotContain("c4nary");
    }

    @Test
    @DisplayName("C2-16: NULL in a column that need not be there is as if it were not")
    void takesNullForAbsent() throws Exception {
        insert("relay", null, "secret".getBytes(UTF_8));
        PasswordCredential found = found(ask(open(), "relay"));
        assertThat(found.user()).isEmpty();
        assertThat(found.mechanism()).isEmpty();
        assertThat(found.allowedHosts()).isEmpty();
        assertThat(found.validity().expiry()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c4nary\0", "\rc4nary", "c4nary\nmore"})
    @DisplayName("C2-13: refuses passwords with NUL or a line end, without quoting them")
    void refusesPasswordsWithControlCharacters(String secret) throws Exception {
        insert("relay", "alice", secret.getBytes(UTF_8));
        assertThat(missing(ask(open(), "relay")))
                .contains("has a password with a NUL or a line end")
                .doesNotContain("c4nary");
    }

    @Test
    @DisplayName("C2-13, C2-16: refuses passwords that are not UTF-8 or huge")
    void refusesPasswordsThatAreNotUtf8OrHuge() throws Exception {
        insert("relay", "alice", new byte[] {'g', 'r', (byte) 0xfc, (byte) 0xdf, 'e'});
        assertThat(missing(ask(open(), "relay"))).contains("has a password that is not UTF-8");
        execute(superuser(), "UPDATE accounts SET secret = ?", (Object) "gr\ufffde".getBytes(UTF_8));
        assertThat(missing(ask(open(), "relay"))).contains("U+FFFD");
        execute(superuser(), "UPDATE accounts SET secret = ?", (Object)
                "p".repeat(10_000_000).getBytes(UTF_8));
        assertThat(missing(ask(open(), "relay"))).contains("has a password of more than 65536 octets");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR '1'='1",
                "\" OR 1=1 --",
                "relay'; DROP TABLE accounts; --",
                "\\'; SELECT 1 #",
                "relay\\",
                "%",
                "relay\u00a0",
                "ʼ OR 1=1"
            })
    @DisplayName("B-19: a key is a value and never part of the statement")
    void takesAKeyForAValue(String key) throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        assertThat(ask(open(), key)).isInstanceOf(Lookup.NoSuchCredential.class);
        insert(key, "mallory", "'\"\\;--".getBytes(UTF_8));
        PasswordCredential found = found(ask(open(), key));
        assertThat(found.user()).isEqualTo("mallory");
        assertThat(password(new Lookup.Found(found))).isEqualTo("'\"\\;--");
        assertThat(password(ask(open(), "relay"))).isEqualTo("secret");
    }

    @Test
    @DisplayName("C2-16: takes text of any script from columns of text")
    void takesTextOfAnyScript() throws Exception {
        insert("relay", "grüße 𝄞", "ключ".getBytes(UTF_8));
        PasswordCredential found = found(ask(open(), "relay"));
        assertThat(found.user()).isEqualTo("grüße 𝄞");
        assertThat(password(new Lookup.Found(found))).isEqualTo("ключ");
        Accounts text = open("query", "SELECT login AS password FROM accounts WHERE name = :key");
        assertThat(password(ask(text, "relay"))).isEqualTo("grüße 𝄞");
    }

    @Test
    void refusesARowOfAnotherKey() throws Exception {
        insert("Relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts = open("query", AccountsFixture.QUERY.replace("name = :key", "lower(name) = lower(:key)"));
        assertThat(missing(ask(accounts, "relay"))).contains("is \"Relay\" in the table");
        assertThat(password(ask(accounts, "Relay"))).isEqualTo("secret");
    }

    @Test
    void asksByWhatIsKnownOfTheMessage() throws Exception {
        execute(
                superuser(),
                "INSERT INTO accounts (name, login, secret, domain, binding) VALUES "
                        + "('relay', 'a', 'one', 'a.example', NULL), ('relay', 'b', 'two', 'b.example', 'bulk')");
        Accounts accounts = open(
                "query",
                "SELECT login AS username, secret AS password FROM accounts WHERE name = :key AND domain = :domain "
                        + "AND COALESCE(binding, '') = COALESCE(:binding, '')");
        assertThat(accounts.attributes()).containsExactlyInAnyOrder(LookupAttribute.DOMAIN, LookupAttribute.BINDING);
        assertThat(found(accounts.lookup(
                                new CredentialRef("relay", Map.of(LookupAttribute.DOMAIN, "a.example")), "relay"))
                        .user())
                .isEqualTo("a");
        assertThat(found(accounts.lookup(
                                new CredentialRef(
                                        "relay",
                                        Map.of(LookupAttribute.DOMAIN, "b.example", LookupAttribute.BINDING, "bulk")),
                                "relay"))
                        .user())
                .isEqualTo("b");
        assertThat(missing(accounts.lookup(
                        new CredentialRef("relay", Map.of(LookupAttribute.DOMAIN, "b.example")), "relay")))
                .contains("no account");
    }

    @Test
    @DisplayName("C2-16: says what is wrong with the query once the table is another one, and recovers")
    void survivesAMigratedSchema() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        Accounts accounts =
                open("query", "SELECT login AS username, secret AS password FROM accounts WHERE name = :key");
        for (int i = 0; i < 10; i++) {
            assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
        }
        execute(superuser(), "ALTER TABLE accounts RENAME COLUMN secret TO password_clear");
        assertThat(unavailable(ask(accounts, "relay"))).contains("secret").doesNotContain("\n");
        execute(superuser(), "ALTER TABLE accounts RENAME COLUMN password_clear TO secret");
        execute(superuser(), "ALTER TABLE accounts ADD COLUMN more INTEGER");
        assertThat(password(ask(accounts, "relay"))).isEqualTo("secret");
    }

    @Test
    @DisplayName("C2-16: says which columns mean nothing, and which is missing")
    void saysWhichColumnsMeanNothing() throws Exception {
        insert("relay", "alice", "c4nary".getBytes(UTF_8));
        assertThat(unavailable(ask(open("query", "SELECT login, secret FROM accounts WHERE name = :key"), "relay")))
                .contains("the columns \"login\", \"secret\", which mean nothing here")
                .doesNotContain("c4nary");
        assertThat(unavailable(ask(open("query", "SELECT login AS username FROM accounts WHERE name = :key"), "relay")))
                .contains("no column \"password\"");
        assertThat(unavailable(ask(
                        open(
                                "query",
                                "SELECT login AS username, login AS \"user\", secret AS password FROM accounts WHERE name = :key"),
                        "relay")))
                .contains("two columns for user");
    }

    @Test
    void refusesAnAccountFromItsEndOn() throws Exception {
        insert("relay", "alice", "secret".getBytes(UTF_8));
        execute(superuser(), "UPDATE accounts SET expires = '2001-02-03 04:05:06'");
        assertThat(missing(ask(open(), "relay"))).contains("expired on 2001-02-03T04:05:06Z");
    }

    @Test
    void warnsNobodyOfTheSameVersionForAnotherPasswordButTellsThemApart() throws Exception {
        execute(superuser(), "INSERT INTO accounts (name, login, secret, version) VALUES ('relay', 'a', 'one', '1')");
        Accounts accounts = open();
        assertThat(found(ask(accounts, "relay")).version().value()).isEqualTo("1");
        execute(superuser(), "UPDATE accounts SET secret = 'two'");
        CredentialVersion second = found(ask(accounts, "relay")).version();
        assertThat(second.value()).startsWith("1+");
        assertThat(found(ask(accounts, "relay")).version()).isEqualTo(second);
        execute(superuser(), "UPDATE accounts SET secret = 'three', version = '2'");
        assertThat(found(ask(accounts, "relay")).version().value()).isEqualTo("2");
    }

    @Test
    void tellsWhichAccountsHaveChanged() throws Exception {
        insert("relay", "alice", "old".getBytes(UTF_8));
        insert("other", "bob", "old".getBytes(UTF_8));
        Accounts accounts = open("changes", AccountsFixture.CHANGES, "poll", "1");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        accounts.bind(List.of(hearing(heard)), null);
        accounts.lookup(new CredentialRef("accounts/relay"), "relay").getClass();
        accounts.lookup(new CredentialRef("accounts/other"), "other").getClass();
        assertThat(newsOf(heard, "UPDATE accounts SET secret = 'new', version = ? WHERE name = 'relay'"))
                .isEqualTo("changed accounts/relay");
        heard.clear();
        execute(superuser(), "DELETE FROM accounts WHERE name = 'other'");
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("changed accounts/other");
        assertThat(heard).isEmpty();
    }

    @Test
    void tellsThatAnythingMayHaveChanged() throws Exception {
        Accounts accounts = open("changes", "SELECT MAX(version), COUNT(*) FROM accounts", "poll", "1");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        accounts.bind(List.of(hearing(heard)), null);
        insert("relay", "alice", "new".getBytes(UTF_8));
        assertThat(newsOf(heard, "UPDATE accounts SET version = ?")).isEqualTo("store jdbc");
    }

    /** Changes the table again and again until somebody notices: the first look has nothing to compare with. */
    private String newsOf(BlockingQueue<String> heard, String change) throws Exception {
        for (int version = 1; ; version++) {
            execute(superuser(), change, String.valueOf(version));
            String news = heard.poll(2, TimeUnit.SECONDS);
            if (news != null) {
                return news;
            }
        }
    }

    static CredentialListener hearing(BlockingQueue<String> heard) {
        return new CredentialListener() {
            @Override
            public void changed(CredentialRef ref) {
                heard.add("changed " + ref);
            }

            @Override
            public void storeChanged(String storeName) {
                heard.add("store " + storeName);
            }
        };
    }
}
