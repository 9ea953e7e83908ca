// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.TestDatasources;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;

class DatabaseLibraryTest {

    @TempDir
    Path folder;

    private TestDatasources datasources;

    @BeforeEach
    void open() throws Exception {
        datasources = new TestDatasources(folder);
        datasources.execute("CREATE TABLE relay_creds (auth_key TEXT, mech TEXT, login TEXT, secret, n, f)");
    }

    @AfterEach
    void close() {
        datasources.close();
    }

    private String show(String source) {
        LuaState state = Lua.state();
        DatabaseLibrary.open(state, datasources.all(), new Consultations());
        return Show.in(state, "require('msys.db') require('msys.datasource') " + source);
    }

    private void account(String key, String login, String secret) throws Exception {
        datasources.execute("INSERT INTO relay_creds VALUES (?, 'PLAIN', ?, ?, 5, 0.5)", key, login, secret);
    }

    @Test
    void fetchesTheFirstRowByColumnNames() throws Exception {
        account("a", "alice", "wonder'land");
        account("b", "bob", "builder");
        assertThat(show("local r = msys.db.fetch_row('smtp_creds', 'SELECT * FROM relay_creds ORDER BY login') "
                        + "return r.login, r.secret, r.n, r.f, r.missing"))
                .isEqualTo("alice wonder'land 5 0.5 nil");
    }

    @Test
    void givesNilForNoRowAndForNull() throws Exception {
        account("a", null, "x");
        assertThat(
                        show(
                                "return msys.db.fetch_row('smtp_creds', 'SELECT 1 FROM relay_creds WHERE auth_key = ?', {'z'})"))
                .isEqualTo("nil");
        assertThat(show("return msys.db.fetch_row('smtp_creds', 'SELECT login FROM relay_creds').login"))
                .isEqualTo("nil");
    }

    @Test
    void iteratesOverRows() throws Exception {
        account("a", "alice", "1");
        account("b", "bob", "2");
        assertThat(show(
                        "local t = {} for row in msys.db.query('smtp_creds', 'SELECT login FROM relay_creds ORDER BY 1') "
                                + "do t[#t + 1] = row.login end return unpack(t)"))
                .isEqualTo("alice bob");
    }

    @Test
    void bindsPositionsAndNames() throws Exception {
        account("a", "alice", "1");
        for (String call : List.of(
                "'SELECT login FROM relay_creds WHERE auth_key = ? AND n = ?', {'a', 5}",
                "'SELECT login FROM relay_creds WHERE auth_key = :k AND n = :n', {k = 'a', n = 5}",
                "'SELECT login FROM relay_creds WHERE auth_key = $k AND n = $n', {k = 'a', n = 5}",
                "'SELECT login FROM relay_creds WHERE auth_key = $1 AND n = $2', {'a', 5}")) {
            assertThat(show("return msys.db.fetch_row('smtp_creds', " + call + ").login"))
                    .isEqualTo("alice");
        }
    }

    @Test
    void executesAndSaysSo() throws Exception {
        assertThat(show("return msys.db.execute('smtp_creds', 'INSERT INTO relay_creds (login) VALUES (?)', {'c'})"))
                .isEqualTo("true");
        assertThat(show("return msys.db.fetch_row('smtp_creds', 'SELECT login FROM relay_creds').login"))
                .isEqualTo("c");
    }

    @Test
    void raisesWhatFailsUnlessToldToReturnIt() {
        assertThatThrownBy(() -> show("local row = msys.db.fetch_row('smtp_creds', 'SELEC 1')"))
                .isInstanceOf(LuaError.class)
                .hasMessageContaining("test:1:")
                .hasMessageContaining("datasource smtp_creds");
        assertThat(show("return msys.db.fetch_row('smtp_creds', 'SELEC 1', nil, {raise_error = false})"))
                .startsWith("nil datasource smtp_creds");
        assertThat(show("return msys.db.query('smtp_creds', 'SELEC 1', {}, {raise_error = false})"))
                .startsWith("nil datasource smtp_creds");
        assertThat(show("return msys.db.execute('smtp_creds', 'SELEC 1', {}, {raise_error = false})"))
                .startsWith("false datasource smtp_creds");
        assertThat(show("return msys.db.fetch_row('nowhere', 'SELECT 1', {}, {raise_error = false})"))
                .isEqualTo("nil there is no Datasource \"nowhere\"");
        assertThat(show("return msys.db.fetch_row('smtp_creds', '', {}, {raise_error = false})"))
                .isEqualTo("nil the statement is empty");
    }

    @Test
    void passesTheCacheByWhenTold() throws Exception {
        account("a", "alice", "old");
        String sql = "'SELECT secret FROM relay_creds', {}";
        assertThat(show("return msys.db.fetch_row('smtp_creds', " + sql + ").secret"))
                .isEqualTo("old");
        datasources.executeElsewhere("UPDATE relay_creds SET secret = 'new'");
        assertThat(show("return msys.db.fetch_row('smtp_creds', " + sql + ").secret"))
                .isEqualTo("old");
        assertThat(show("return msys.db.fetch_row('smtp_creds', " + sql + ", {nocache = true}).secret"))
                .isEqualTo("new");
    }

    @Test
    void refusesParametersThatNoDatabaseHas() {
        for (String call : List.of(
                "'x', 'SELECT ?', {{}}",
                "'smtp_creds', 'SELECT ?', {{}}",
                "'smtp_creds', 'SELECT ?', {function() end}",
                "'smtp_creds', 'SELECT 1', 5",
                "'smtp_creds', {}",
                "{}, 'SELECT 1'",
                "nil, nil",
                "'smtp_creds', 'SELECT 1', {}, 5")) {
            assertThatThrownBy(() -> show("return msys.db.fetch_row(" + call + ")"))
                    .as(call)
                    .isInstanceOf(LuaError.class);
        }
    }
}
