// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts may rely on with every kind of database. Runs against real ones. */
abstract class DatabaseContract {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    final AtomicLong ticks = new AtomicLong();
    private final List<Datasource> opened = new ArrayList<>();

    /** URIs of an empty database, the first of which is right. */
    abstract String uri() throws Exception;

    /** The type of a column of octets. */
    abstract String octetsType();

    /** A statement that runs longer than a minute. */
    abstract String endless();

    @BeforeEach
    void fill() throws Exception {
        Datasource datasource = open();
        execute(datasource, "DROP TABLE IF EXISTS relay_creds");
        execute(
                datasource,
                "CREATE TABLE relay_creds (auth_key VARCHAR(200), mech VARCHAR(20), login VARCHAR(200), secret "
                        + octetsType() + ", n BIGINT, f DOUBLE PRECISION)");
    }

    @AfterEach
    void close() {
        opened.forEach(Datasource::close);
    }

    Datasource open() throws Exception {
        return open(options(100, false), uri());
    }

    static DatasourceOptions options(int maxRows, boolean noCache) {
        return new DatasourceOptions(
                Path.of("/"),
                1_000,
                Duration.ofHours(1),
                maxRows < 0 ? Optional.empty() : Optional.of(maxRows),
                noCache,
                Optional.empty(),
                Optional.empty());
    }

    Datasource open(DatasourceOptions options, String... uris) throws Exception {
        List<Backend> backends = new ArrayList<>();
        for (String text : uris) {
            DatasourceUri uri = DatasourceUri.read(text, options.directory());
            Login.Source logins = uri instanceof DatasourceUri.Server server
                    ? new Logins(server, options, List::of)
                    : () -> new Login(Optional.empty(), Optional.empty());
            backends.add(new Backend(uri, Connector.to(uri, logins, Class::forName), ticks::get));
        }
        Datasource datasource = new Datasource("smtp_creds", options, new Backends(backends), ticks::get);
        opened.add(datasource);
        return datasource;
    }

    static Query query(String sql, Object... parameters) throws DatasourceException {
        return Query.of(sql, key -> {
            Object value = parameters[Integer.parseInt(key) - 1];
            return value instanceof String text ? text.getBytes(UTF_8) : value;
        });
    }

    static void execute(Datasource datasource, String sql, Object... parameters) throws Exception {
        datasource.execute(query(sql, parameters), PATIENCE);
    }

    static List<List<Object>> ask(Datasource datasource, String sql, Object... parameters) throws Exception {
        return datasource.query(query(sql, parameters), false, PATIENCE).values().stream()
                .map(row -> Arrays.stream(row)
                        .map(cell -> cell instanceof byte[] octets ? new String(octets, UTF_8) : cell)
                        .toList())
                .toList();
    }

    static void insert(Datasource datasource, String key, Object secret) throws Exception {
        execute(
                datasource,
                "INSERT INTO relay_creds (auth_key, mech, login, secret, n, f) VALUES (?, ?, ?, ?, ?, ?)",
                key,
                "PLAIN",
                "user of " + key,
                secret,
                5L,
                0.5);
    }

    @Test
    void answersNamedColumnsAndTypedValues() throws Exception {
        Datasource datasource = open();
        insert(datasource, "a", new byte[] {(byte) 0xFF, 0, 13, 10});
        Rows rows = datasource.query(
                query("SELECT mech AS m, login, secret, n, f FROM relay_creds WHERE auth_key = ?", "a"),
                false,
                PATIENCE);
        assertThat(rows.columns()).containsExactly("m", "login", "secret", "n", "f");
        Object[] row = rows.values().getFirst();
        assertThat(row[0]).isEqualTo("PLAIN".getBytes(UTF_8));
        assertThat(row[2]).isEqualTo(new byte[] {(byte) 0xFF, 0, 13, 10});
        assertThat(row[3]).isEqualTo(5L);
        assertThat(row[4]).isEqualTo(0.5);
    }

    @Test
    void answersNoRowsTwoRowsAndNull() throws Exception {
        Datasource datasource = open();
        assertThat(ask(datasource, "SELECT login FROM relay_creds")).isEmpty();
        insert(datasource, "a", "1".getBytes(UTF_8));
        insert(datasource, "b", null);
        assertThat(ask(datasource, "SELECT login FROM relay_creds ORDER BY auth_key"))
                .containsExactly(List.of("user of a"), List.of("user of b"));
        assertThat(datasource
                        .query(query("SELECT secret FROM relay_creds WHERE auth_key = ?", "b"), false, PATIENCE)
                        .values()
                        .getFirst())
                .containsExactly((Object) null);
        assertThat(ask(datasource, "SELECT login FROM relay_creds WHERE auth_key = ?", (Object) null))
                .isEmpty();
    }

    @Test
    void findsTextByANumber() throws Exception {
        Datasource datasource = open();
        insert(datasource, "42", "x".getBytes(UTF_8));
        assertThat(ask(datasource, "SELECT login FROM relay_creds WHERE auth_key = ?", 42L))
                .containsExactly(List.of("user of 42"));
        assertThat(ask(datasource, "SELECT login FROM relay_creds WHERE n = ?", 5L))
                .hasSize(1);
        assertThat(ask(datasource, "SELECT login FROM relay_creds WHERE n = ?", "5"))
                .hasSize(1);
    }

    @Test
    void bindsNamesWithEitherSign() throws Exception {
        Datasource datasource = open();
        insert(datasource, "a", "x".getBytes(UTF_8));
        for (String sql : List.of(
                "SELECT login FROM relay_creds WHERE auth_key = :key AND mech = :mech",
                "SELECT login FROM relay_creds WHERE auth_key = $key AND mech = $mech")) {
            Query query = Query.of(sql, Map.of("key", "a".getBytes(UTF_8), "mech", "PLAIN".getBytes(UTF_8))::get);
            assertThat(datasource.query(query, false, PATIENCE).values()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'\"\\;--",
                "'; DROP TABLE relay_creds; --",
                "\\'; DROP TABLE relay_creds; -- ",
                "pass?wörd :a $b ???",
                "\r\n\t",
                "𝕡𝕒𝕤𝕤",
                "%_"
            })
    void takesEveryCharacterAsAParameter(String secret) throws Exception {
        Datasource datasource = open();
        insert(datasource, secret, null);
        assertThat(ask(datasource, "SELECT auth_key, login FROM relay_creds WHERE auth_key = ?", secret))
                .containsExactly(List.of(secret, "user of " + secret));
    }

    @Test
    void keepsOrRefusesTextWithANulAndNeverCutsIt() throws Exception {
        Datasource datasource = open();
        try {
            insert(datasource, "a\0b", null);
        } catch (DatasourceException refused) {
            assertThat(ask(datasource, "SELECT auth_key FROM relay_creds")).isEmpty();
            return;
        }
        assertThat(ask(datasource, "SELECT auth_key FROM relay_creds")).containsExactly(List.of("a\0b"));
        assertThat(ask(datasource, "SELECT login FROM relay_creds WHERE auth_key = ?", "a"))
                .isEmpty();
    }

    @Test
    void carriesTenMegabytes() throws Exception {
        Datasource datasource = open();
        byte[] large = new byte[10 * 1024 * 1024];
        Arrays.fill(large, (byte) 0xFE);
        insert(datasource, "a", large);
        assertThat(datasource
                        .query(query("SELECT secret FROM relay_creds"), false, PATIENCE)
                        .values()
                        .getFirst()[0])
                .isEqualTo(large);
        insert(datasource, "b", large);
        assertThatThrownBy(() -> ask(datasource, "SELECT secret FROM relay_creds"))
                .isInstanceOf(DatasourceException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void endsAtTheGreatestNumberOfRows() throws Exception {
        Datasource datasource = open(options(2, false), uri());
        for (String key : List.of("a", "b", "c")) {
            insert(datasource, key, "x".getBytes(UTF_8));
        }
        assertThat(ask(datasource, "SELECT login FROM relay_creds")).hasSize(2);
        assertThat(ask(open(options(-1, false), uri()), "SELECT login FROM relay_creds"))
                .hasSize(3);
    }

    @Test
    void answersFromTheCacheUntilItsLifeEnds() throws Exception {
        Datasource datasource = open();
        Datasource elsewhere = open();
        insert(datasource, "a", "old".getBytes(UTF_8));
        String sql = "SELECT secret FROM relay_creds WHERE auth_key = ?";
        assertThat(ask(datasource, sql, "a")).containsExactly(List.of("old"));
        execute(elsewhere, "UPDATE relay_creds SET secret = ?", "new".getBytes(UTF_8));
        ticks.addAndGet(Duration.ofMinutes(59).toNanos());
        assertThat(ask(datasource, sql, "a")).containsExactly(List.of("old"));
        ticks.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(ask(datasource, sql, "a")).containsExactly(List.of("new"));
    }

    @Test
    void passesTheCacheByWhenToldAndKeepsTheAnswer() throws Exception {
        Datasource datasource = open();
        Datasource elsewhere = open();
        insert(datasource, "a", "old".getBytes(UTF_8));
        String sql = "SELECT secret FROM relay_creds";
        ask(datasource, sql);
        execute(elsewhere, "UPDATE relay_creds SET secret = ?", "new".getBytes(UTF_8));
        assertThat(datasource.query(query(sql), true, PATIENCE).values().getFirst()[0])
                .isEqualTo("new".getBytes(UTF_8));
        assertThat(ask(datasource, sql)).containsExactly(List.of("new"));
        execute(elsewhere, "UPDATE relay_creds SET secret = ?", "newer".getBytes(UTF_8));
        datasource.forget(query(sql));
        assertThat(ask(datasource, sql)).containsExactly(List.of("newer"));
    }

    @Test
    void keepsNothingWithoutACacheAndNothingThatIsEmpty() throws Exception {
        Datasource uncached = open(options(100, true), uri());
        Datasource cached = open();
        String sql = "SELECT secret FROM relay_creds";
        assertThat(ask(cached, sql)).isEmpty();
        insert(uncached, "a", "one".getBytes(UTF_8));
        assertThat(ask(cached, sql)).containsExactly(List.of("one"));
        assertThat(ask(uncached, sql)).containsExactly(List.of("one"));
        execute(open(), "UPDATE relay_creds SET secret = ?", "two".getBytes(UTF_8));
        assertThat(ask(uncached, sql)).containsExactly(List.of("two"));
    }

    @Test
    void saysWhatIsWrongWithAStatement() throws Exception {
        Datasource datasource = open();
        for (String sql : List.of("SELEC 1", "SELECT nothing FROM nowhere", "SELECT 'open")) {
            assertThatThrownBy(() -> ask(datasource, sql))
                    .as(sql)
                    .isInstanceOf(DatasourceException.class)
                    .hasMessageStartingWith("datasource smtp_creds: ");
        }
        assertThat(ask(datasource, "SELECT 1")).hasSize(1);
    }

    @Test
    void waitsNoLongerThanTheCallerAndHasTheDatabaseStop() throws Exception {
        Datasource datasource = open();
        // As many as there are connections: unless the database stops, nothing is left for the last question.
        for (int i = 0; i < Backend.CONNECTIONS; i++) {
            assertThatThrownBy(() -> datasource.query(query(endless()), true, Duration.ofMillis(300)))
                    .isInstanceOf(DatasourceException.class)
                    .hasMessageContaining("no answer within 300 ms");
        }
        assertThat(ask(datasource, "SELECT 1")).hasSize(1);
    }

    // Telling a server to stop takes a while, and by then something else may run where the statement did.
    @Test
    void stopsNothingButWhatWasGivenUp() throws Exception {
        Datasource datasource = open(options(100, true), uri());
        Query brief = query(endless().replace("90", "0.03"));
        for (int i = 0; i < 40; i++) {
            try {
                datasource.query(brief, true, Duration.ofMillis(30));
            } catch (DatasourceException late) {
                assertThat(late).hasMessageContaining("no answer");
            }
            assertThat(ask(datasource, "SELECT 1")).hasSize(1);
        }
    }

    @Test
    void stopsWaitingWhenItIsInterrupted() throws Exception {
        Datasource datasource = open();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> datasource.query(query(endless()), true, PATIENCE))
                .isInstanceOf(InterruptedException.class);
        assertThat(ask(datasource, "SELECT 1")).hasSize(1);
    }

    @Test
    void passesOverADatabaseThatIsDown() throws Exception {
        Datasource datasource = open(options(100, true), dead(), uri());
        for (int i = 0; i < 4; i++) {
            assertThat(ask(datasource, "SELECT 1")).hasSize(1);
        }
    }

    @Test
    void saysWhyNoDatabaseAnswers() throws Exception {
        Datasource datasource = open(options(100, false), dead());
        assertThatThrownBy(() -> ask(datasource, "SELECT 1"))
                .isInstanceOf(DatasourceException.class)
                .hasMessageContaining(DatasourceUri.read(dead(), Path.of("/")).place())
                .hasMessageNotContaining("s3cret");
    }

    /** A URI of the same kind where nothing answers. */
    abstract String dead();
}
