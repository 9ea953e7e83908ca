// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.TestDatasources;
import org.postern.policy.lua.script.ScriptException;

/** Scripts that take the account from a database or a file, in the forms that sites have. */
@Timeout(120)
class DatabaseHooksTest {

    private static final String KEY = "outbound_smtp_auth_key";

    private static final String LOOK_UP_BY_KEY = """
            require("msys.core"); require("msys.db"); require("msys.datasource");
            local mod = {};
            function mod:outbound_smtp_auth_config(msg, ac, vctx)
              local e, key = msg:context_exists_and_get(msys.core.ECMESS_CTX_MESS, "outbound_smtp_auth_key");
              if e ~= 1 then
                local d = msg:context_get(msys.core.ECMESS_CTX_MESS, "rcptto_domain");
                key = msys.config("eval", "domain", d, "outbound_smtp_auth_key");
              end
              if key == nil or key == "" then return end
              local row, err = msys.db.fetch_row("smtp_creds",
                 "SELECT mech, login, secret FROM relay_creds WHERE auth_key = ?", { key },
                 { raise_error = false });
              if row ~= nil then
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_type", row.mech);
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", row.login);
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", row.secret);
              elseif err ~= nil then print("auth lookup failed:", err) end
            end
            msys.registerModule("smtp_auth_db", mod);
            """;

    @TempDir
    Path folder;

    private final Consultations consultations = new Consultations();
    private TestDatasources datasources;
    private Hooks hooks;
    private LogCapture log;

    @BeforeEach
    void open() throws Exception {
        datasources = new TestDatasources(folder);
        datasources.execute("CREATE TABLE relay_creds (auth_key TEXT, mech TEXT, login TEXT, secret TEXT)");
        datasources.execute("INSERT INTO relay_creds VALUES ('k', 'PLAIN', 'alice', ?)", "old'; --\"\\pass");
        hooks = new Hooks(folder).asking(datasources.all(), consultations);
        log = new LogCapture();
    }

    @AfterEach
    void close() {
        hooks.close();
        datasources.close();
        log.close();
    }

    private FakeMessage run(FakeMessage message) throws ScriptException {
        hooks.run(message);
        return message;
    }

    private static FakeMessage keyed() {
        FakeMessage message = new FakeMessage();
        message.variables.put(KEY, "k");
        return message;
    }

    private static Map<String, String> account(String password) {
        return Map.of(
                KEY,
                "k",
                "outbound_smtp_auth_type",
                "PLAIN",
                "outbound_smtp_auth_user",
                "alice",
                "outbound_smtp_auth_pass",
                password);
    }

    @Test
    void looksUpTheAccountByKey() throws Exception {
        hooks.script("smtp_auth_db", LOOK_UP_BY_KEY).start();
        assertThat(run(keyed()).variables).isEqualTo(account("old'; --\"\\pass"));
    }

    @Test
    void leavesTheMessageAloneWithoutAKeyOrARow() throws Exception {
        hooks.script("smtp_auth_db", LOOK_UP_BY_KEY).start();
        assertThat(run(new FakeMessage()).variables).isEmpty();
        FakeMessage stranger = new FakeMessage();
        stranger.variables.put(KEY, "k' OR '1'='1");
        assertThat(run(stranger).variables).containsOnlyKeys(KEY);
    }

    @Test
    void saysInTheLogWhyALookupFailed() throws Exception {
        datasources.execute("DROP TABLE relay_creds");
        hooks.script("smtp_auth_db", LOOK_UP_BY_KEY).start();
        assertThat(run(keyed()).variables).containsOnlyKeys(KEY);
        assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("auth lookup failed:", "no such table"));
    }

    @Test
    void asksPastTheCacheOnceTheCredentialWasRefused() throws Exception {
        hooks.script("smtp_auth_db", LOOK_UP_BY_KEY).start();
        run(keyed());
        datasources.executeElsewhere("UPDATE relay_creds SET secret = 'new password'");
        assertThat(run(keyed()).variables).isEqualTo(account("old'; --\"\\pass"));
        FakeMessage refused = keyed();
        refused.refused = true;
        assertThat(run(refused).variables).isEqualTo(account("new password"));
        assertThat(run(keyed()).variables).isEqualTo(account("new password"));
    }

    @Test
    void looksUpTheAccountAtReception() throws Exception {
        hooks.script("early", LOOK_UP_BY_KEY.replace("outbound_smtp_auth_config", "validate_set_binding"))
                .start();
        FakeMessage message = keyed();
        hooks.hooks().choose(message.received(), message);
        assertThat(message.variables).isEqualTo(account("old'; --\"\\pass"));
    }

    @Test
    void goesThroughRows() throws Exception {
        datasources.execute("INSERT INTO relay_creds VALUES ('k', 'LOGIN', 'bob', 'b')");
        hooks.script("rows", """
                        require("msys.core"); require("msys.db"); require("msys.datasource");
                        local mod = {};
                        function mod:outbound_smtp_auth_config(msg, ac, vctx)
                          for row in msys.db.query("smtp_creds", "SELECT login, secret FROM relay_creds ORDER BY login") do
                            msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", row.login);
                            msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", row.secret);
                          end
                        end
                        msys.registerModule("rows", mod);
                        """).start();
        assertThat(run(new FakeMessage()).variables)
                .isEqualTo(Map.of("outbound_smtp_auth_user", "bob", "outbound_smtp_auth_pass", "b"));
    }

    @Test
    void readsATokenFromAFile() throws Exception {
        Files.writeString(folder.resolve("token"), "ya29.token\n");
        hooks.script("token", """
                        require("msys.core");
                        local mod = {};
                        function mod:outbound_smtp_auth_config(msg, ac, vctx)
                          local token, err = msys.readfile("token");
                          if token == nil then error(err) end
                          msg:context_set(VCTX_MESS, "outbound_smtp_auth_type", "XOAUTH2");
                          msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", (token:gsub("%s+$", "")));
                        end
                        msys.registerModule("token", mod);
                        """).start();
        assertThat(run(new FakeMessage()).variables)
                .isEqualTo(Map.of("outbound_smtp_auth_type", "XOAUTH2", "outbound_smtp_auth_pass", "ya29.token"));
    }

    @Test
    void failsTheHookWhenALookupRaises() {
        hooks.script("raises", """
                        require("msys.db");
                        local mod = {};
                        function mod:outbound_smtp_auth_config(msg)
                          local row = msys.db.fetch_row("smtp_creds", "SELEC 1");
                        end
                        msys.registerModule("raises", mod);
                        """).start();
        assertThatThrownBy(() -> run(keyed())).isInstanceOf(ScriptException.class);
    }

    @Test
    void masksWhatADatabaseGaveInTheLog() throws Exception {
        hooks.script("prints", """
                        require("msys.db");
                        local mod = {};
                        function mod:outbound_smtp_auth_config(msg)
                          local row = msys.db.fetch_row("smtp_creds", "SELECT secret AS x FROM relay_creds");
                          print("got", row.x);
                        end
                        msys.registerModule("prints", mod);
                        """).start();
        run(keyed());
        assertThat(log.lines())
                .anySatisfy(line -> assertThat(line).contains("got"))
                .noneSatisfy(line -> assertThat(line).contains("old'; --"));
    }
}
