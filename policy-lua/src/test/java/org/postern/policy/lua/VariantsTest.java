// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.policy.lua.script.ScriptException;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopePath;

/** Forms that inherited scripts come in. The letters are those that DatabaseHooksTest goes on with: A to D ask databases. */
@Timeout(60)
class VariantsTest {

    private static final String KEY = OutboundAuthSettings.KEY.key();
    private static final String TYPE = OutboundAuthSettings.TYPE.key();
    private static final String USER = OutboundAuthSettings.USER.key();
    private static final String PASS = OutboundAuthSettings.PASS.key();
    private static final ScopePath CUSTOMER = ScopePath.ofGroup("group").withBinding("customer");

    @TempDir
    Path folder;

    private Hooks hooks;
    private LogCapture log;

    @BeforeEach
    void open() {
        hooks = new Hooks(folder);
        log = new LogCapture();
    }

    @AfterEach
    void close() {
        hooks.close();
        log.close();
    }

    private static FakeMessage ofTenant(String tenant, int retries) {
        FakeMessage message = new FakeMessage();
        message.fields.put("X-Tenant", List.of(tenant));
        message.retries = retries;
        return message;
    }

    @Test
    void variantEChoosesTheCredentialByTenantSenderAndNumberOfRetries() throws Exception {
        hooks.script("by_tenant", """
                require("msys.core");
                require("msys.extended.message");
                local mod = {};
                function mod:outbound_smtp_auth_config(msg, ac, vctx)
                  local account = msg:header("X-Tenant")[1] or msg:mailfrom();
                  if tonumber(msg.num_retries) > 2 then
                    account = account .. "-fallback";
                  end
                  msg:context_set(msys.core.ECMESS_CTX_MESS, "outbound_smtp_auth_user", account);
                end
                msys.registerModule("by_tenant", mod);
                """).start();
        FakeMessage first = ofTenant("seven", 0);
        hooks.run(first);
        assertThat(first.variables).isEqualTo(Map.of(USER, "seven"));
        FakeMessage late = ofTenant("seven", 3);
        hooks.run(late);
        assertThat(late.variables).isEqualTo(Map.of(USER, "seven-fallback"));
        assertThat(hooks.run().variables).as("without the field").isEqualTo(Map.of(USER, "boss@Example.ORG"));
    }

    private static final String CONFIG_HELPER = """
            require("msys.core");
            local mod = {};
            local function option(msg, name)
              local value = msys.config("get", "binding", msg:binding(), "domain", msg:routing_domain(), name);
              if value == nil then
                value = msys.config("eval", "domain", msg:routing_domain(), name);
              end
              return value;
            end
            function mod:outbound_smtp_auth_config(msg, ac, vctx)
              local key = option(msg, "outbound_smtp_auth_key");
              if key ~= nil then
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", "from-" .. key);
              end
            end
            msys.registerModule("config_helper", mod);
            """;

    private String userByConfiguration(ConfigurationForTests configuration) throws ScriptException {
        return new Hooks(folder)
                .with(configuration.inForce())
                .script("config_helper", CONFIG_HELPER)
                .start()
                .run()
                .variables
                .get(USER);
    }

    @Test
    void variantFReadsWhatIsWrittenForTheDomainInTheBinding() throws Exception {
        hooks.start();
        assertThat(userByConfiguration(new ConfigurationForTests()
                        .set(ScopePath.ofDomain("one.example"), OutboundAuthSettings.KEY, "domain")
                        .set(
                                ScopePath.ofBinding("customer").withDomain("one.example"),
                                OutboundAuthSettings.KEY,
                                "binding-domain")))
                .isEqualTo("from-binding-domain");
    }

    @Test
    void variantFFindsABindingInItsGroupWithoutBeingToldTheGroup() throws Exception {
        hooks.start();
        assertThat(userByConfiguration(new ConfigurationForTests()
                        .set(ScopePath.ofDomain("one.example"), OutboundAuthSettings.KEY, "domain")
                        .set(CUSTOMER.withDomain("one.example"), OutboundAuthSettings.KEY, "group-binding-domain")))
                .isEqualTo("from-group-binding-domain");
    }

    @Test
    void variantFFallsBackToWhatHoldsForTheDomain() throws Exception {
        hooks.start();
        assertThat(userByConfiguration(new ConfigurationForTests()
                        .set(ScopePath.GLOBAL, OutboundAuthSettings.KEY, "everywhere")
                        .set(CUSTOMER, OutboundAuthSettings.KEY, "binding")
                        .set(ScopePath.ofDomain("one.example"), OutboundAuthSettings.KEY, "domain")))
                .isEqualTo("from-domain");
        assertThat(userByConfiguration(
                        new ConfigurationForTests().set(ScopePath.GLOBAL, OutboundAuthSettings.KEY, "everywhere")))
                .isEqualTo("from-everywhere");
        assertThat(userByConfiguration(new ConfigurationForTests())).isNull();
    }

    @Test
    void variantGComparesWithTheOperatorOfTheDialect() throws Exception {
        FakeMessage message = hooks.script("dialect", """
                require("msys.core");
                local mod = {};
                function mod:outbound_smtp_auth_config(msg, ac, vctx)
                  local e, key = msg:context_exists_and_get(msys.core.ECMESS_CTX_MESS, "outbound_smtp_auth_key");
                  if e != 1 and !key and msg:routing_domain() != "other.example" then
                    msg:context_set(msys.core.ECMESS_CTX_MESS, "outbound_smtp_auth_key", "house");
                  end
                end
                msys.registerModule("dialect", mod);
                """).start().run();
        assertThat(message.variables).isEqualTo(Map.of(KEY, "house"));
    }

    @Test
    void variantHReturnsAConstantThatMeansNothing() throws Exception {
        for (String constant : List.of("CONT", "DONE", "AGAIN")) {
            FakeMessage message = new Hooks(folder)
                    .script("returns", """
                    require("msys.core");
                    local mod = {};
                    function mod:outbound_smtp_auth_config(msg, ac, vctx)
                      msg:context_set(VCTX_MESS, "outbound_smtp_auth_type", "LOGIN");
                      return msys.core.VALIDATE_%s;
                    end
                    msys.registerModule("returns", mod);
                    """.formatted(constant))
                    .start()
                    .run();
            assertThat(message.variables).as(constant).isEqualTo(Map.of(TYPE, "LOGIN"));
        }
        hooks.start();
    }

    @Test
    void variantIRunsBothScriptsAndTheSecondSeesWhatTheFirstHasSet() throws Exception {
        FakeMessage message =
                hooks.script("first", """
                local mod = {};
                function mod:outbound_smtp_auth_config(msg, ac, vctx)
                  msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", "house");
                  msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", "of cards");
                end
                msys.registerModule("first", mod);
                """).script("second", """
                local mod = {};
                function mod:outbound_smtp_auth_config(msg, ac, vctx)
                  local user = msg:context_get(VCTX_MESS, "outbound_smtp_auth_user");
                  msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", user .. "-two");
                end
                msys.registerModule("second", mod);
                """).start().run();
        assertThat(message.variables).isEqualTo(Map.of(USER, "house-two", PASS, "of cards"));
    }

    @Test
    void variantJFailsWithTheTracebackInTheLogAndWithoutThePassword() {
        hooks.script("raises", """
                local mod = {};
                local function lookup(msg)
                  local pass = "of cards";
                  msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", pass);
                  error("no account beside " .. pass);
                end
                function mod:outbound_smtp_auth_config(msg, ac, vctx)
                  lookup(msg);
                end
                msys.registerModule("raises", mod);
                """).script("next", """
                local mod = {};
                function mod:outbound_smtp_auth_config(msg) print("never called"); end
                msys.registerModule("next", mod);
                """).start();
        assertThatThrownBy(() -> hooks.run())
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("raises.lua:5: no account beside ***");
        assertThat(log.text())
                .contains("stack traceback:", "raises.lua:5: in ", "raises.lua:8: in ")
                .doesNotContain("of cards", "never called");
    }
}
