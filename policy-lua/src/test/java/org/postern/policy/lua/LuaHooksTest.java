// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.policy.lua.script.ScriptException;
import org.postern.spi.policy.BindingChoice;

/** Scripts as hooks: what they see, what they change, and what becomes of the message when they fail. */
@Timeout(60)
class LuaHooksTest {

    private static final String USER = "outbound_smtp_auth_user";
    private static final String PASS = "outbound_smtp_auth_pass";

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

    private static String hook(String body) {
        return "require('msys.core')\nlocal mod = {}\nfunction mod:outbound_smtp_auth_config(msg, ac, vctx)\n" + body
                + "\nend\nmsys.registerModule('test', mod)\n";
    }

    private FakeMessage run(String body) throws ScriptException {
        return hooks.script("test", hook(body)).start().run();
    }

    private String seen(String expression) throws ScriptException {
        return run("msg:context_set(VCTX_MESS, 'seen', tostring(" + expression + "))")
                .variables
                .get("seen");
    }

    @Test
    void setsWhatTheScriptSays() throws Exception {
        FakeMessage message = run("msg:context_set(msys.core.ECMESS_CTX_MESS, '" + USER + "', 'foo')");
        assertThat(message.variables).isEqualTo(Map.of(USER, "foo"));
    }

    @Test
    void runsTheDocumentedFragmentAsItStands() throws Exception {
        FakeMessage message = hooks.script("seed", Seed.LUA).start().run();
        assertThat(message.variables).isEqualTo(Map.of(USER, "foo", PASS, "bar"));
        assertThat(log.lines())
                .anyMatch(line -> line.equals("scriptlet: NOTICE: outbound_smtp_auth_config Lua hook called"))
                .anyMatch(line -> line.startsWith("scriptlet: NOTICE: msg:[ec_message: 0x"));
    }

    @Test
    void passesTheMessageAloneToWhoeverWantsItAlone() throws Exception {
        FakeMessage message = hooks.script(
                        "new",
                        "local mod = {} function mod:outbound_smtp_auth_config(msg) msg:context_set(VCTX_MESS, 'x', 1) end"
                                + " msys.registerModule('new', mod)")
                .start()
                .run();
        assertThat(message.variables).isEqualTo(Map.of("x", "1"));
    }

    @Test
    void callsTheHookOfTheOlderModuleToo() throws Exception {
        FakeMessage message = hooks.script(
                        "old",
                        "local mod = {} function mod:outbound_smtp_auth_v0_config(msg, ac, vctx)"
                                + " msg:context_set(VCTX_MESS, 'x', tostring(ac:get('y')) .. tostring(vctx:get(1, 'z')))"
                                + " return msys.core.VALIDATE_CONT end msys.registerModule('old', mod)")
                .start()
                .run();
        assertThat(message.variables).isEqualTo(Map.of("x", "nilnil"));
    }

    @Test
    void runsSeveralScriptsInTheOrderOfTheFile() throws Exception {
        String append = "msg:context_set(VCTX_MESS, 'order', msg:context_get(VCTX_MESS, 'order') .. '%s')";
        FakeMessage message = hooks.script("z", hook(append.formatted("z")))
                .script("a", hook(append.formatted("a")))
                .start()
                .run();
        assertThat(message.variables).isEqualTo(Map.of("order", "za"));
    }

    @Test
    void showsTheEnvelopeAndTheQueue() throws Exception {
        assertThat(seen("msg:mailfrom() .. ' ' .. msg:rcptto() .. ' ' .. msg:routing_domain() .. ' ' .. msg:binding()"
                        + " .. ' ' .. msg:binding_group() .. ' ' .. msg.id .. ' ' .. msg.num_retries .. ' '"
                        + " .. msg:get_message_size() .. ' ' .. msg.priority .. ' ' .. tostring(msg:code())"))
                .isEqualTo("boss@Example.ORG a@one.example one.example customer group m-1 0 1234 0 nil");
    }

    @Test
    void fillsStringsWithTheEnvelope() throws Exception {
        FakeMessage message = run("local f, t = msys.core.string_new(), msys.core.string_new()"
                + " msg:get_envelope2(msys.core.EC_MSG_ENV_FROM | msys.core.EC_MSG_ENV_TO, f, t)"
                + " msg:context_set(VCTX_MESS, 'seen', tostring(f) .. '>' .. tostring(t))");
        assertThat(message.variables.get("seen")).isEqualTo("boss@Example.ORG>a@one.example,b@one.example");
    }

    @Test
    void showsHeaderFieldsAndTheAddressesInThem() throws Exception {
        FakeMessage message = new FakeMessage();
        message.fields.put("X-Tenant", List.of("täglich", "second"));
        message.fields.put("To", List.of("\"Doe, Jane\" <jane@x.example>, john@y.example (John)"));
        hooks.script(
                        "test",
                        hook("local h = msg:header('X-Tenant') local to = msg:address_header('To', 'email')"
                                + " msg:context_set(VCTX_MESS, 'seen', h[1] .. #h .. tostring(msg:header('No')[1]) .. to[1] .. to[2]"
                                + " .. msg:address_header('To', 'name')[1] .. msg:address_header('To', 'domain')[2])"))
                .start()
                .run(message);
        assertThat(message.variables.get("seen"))
                .isEqualTo("täglich2niljane@x.examplejohn@y.exampleDoe, Janey.example");
    }

    @Test
    void readsAndRemovesVariables() throws Exception {
        assertThat(seen("table.concat({msg:context_get(VCTX_MESS, 'no'), msg:context_exists(VCTX_MESS, 'no'),"
                        + " (msg:context_exists_and_get(VCTX_MESS, 'rcptto_domain')),"
                        + " select(2, msg:context_exists_and_get(VCTX_MESS, 'rcptto_domain')),"
                        + " msg:context_set(VCTX_MESS, 'n', 5), msg:context_get(VCTX_MESS, 'n'),"
                        + " msg:context_delete(VCTX_MESS, 'n'), msg:context_delete(VCTX_MESS, 'n'),"
                        + " msys.expandMacro('%{vctx_mess:rcptto_domain}')}, ',')"))
                .isEqualTo(",0,1,one.example,1,5,1,0,one.example");
    }

    @Test
    void keepsWhatIsNotAscii() throws Exception {
        assertThat(run("msg:context_set(VCTX_MESS, 'schlüssel', 'pässwörd € 😀')").variables)
                .isEqualTo(Map.of("schlüssel", "pässwörd € 😀"));
    }

    @Test
    void choosesABindingAtReception() throws Exception {
        hooks.script(
                        "bind",
                        "local mod = {} function mod:validate_set_binding(msg, ac, vctx)"
                                + " msg:binding('b-' .. msg:mailfrom()) return msys.core.VALIDATE_CONT end"
                                + " msys.registerModule('bind', mod)")
                .start();
        FakeMessage message = new FakeMessage();
        assertThat(hooks.hooks().choose(message.received(), message))
                .isEqualTo(new BindingChoice.Named("b-boss@Example.ORG"));
        hooks.run(message);
        assertThat(message.variables).isEmpty();
    }

    @Test
    void refusesToChangeWhatIsFixedAtDelivery() {
        for (String call : List.of(
                "msg:binding('x')",
                "msg:binding_group('x')",
                "msg:mailfrom('x')",
                "msg:rcptto('x')",
                "msg:routing_domain('x')",
                "msg:header('X', 'y')",
                "msg.priority = 1",
                "msg:context_set(VCTX_MESS, 'rcptto_domain', 'x')")) {
            assertThatThrownBy(() ->
                            new Hooks(folder).script("test", hook(call)).start().run())
                    .as(call)
                    .isInstanceOf(ScriptException.class);
        }
        hooks.start();
    }

    @Test
    void failsWithATracebackInTheLogWhenAScriptRaises() {
        assertThatThrownBy(() -> run("local function deep() error('gone') end\ndeep()"))
                .isInstanceOf(ScriptException.class)
                .hasMessageMatching("test: .*/test.lua:4: gone");
        assertThat(log.text())
                .contains("test.lua:4: gone")
                .contains("stack traceback:")
                .contains("in function 'deep'")
                .contains("test.lua:5: in function 'mod:outbound_smtp_auth_config'");
    }

    @Test
    void failsWhenAScriptRaisesWhatIsNoText() {
        for (String raised : List.of("{}", "nil", "msg", "print", "true", "setmetatable({}, {__tostring = error})")) {
            assertThatThrownBy(() -> new Hooks(folder)
                            .script("test", hook("error(" + raised + ")"))
                            .start()
                            .run())
                    .as(raised)
                    .isInstanceOf(ScriptException.class);
        }
        hooks.start();
    }

    @Test
    void masksPasswordsInWhatIsPrintedAndRaisedEvenBeforeTheyAreKnown() {
        assertThatThrownBy(
                        () -> run("local p = 'wonder' .. 'land' print('early ' .. p) " + "msg:context_set(VCTX_MESS, '"
                                + PASS + "', p) print('late', p, p:reverse()) error('oh ' .. p)"))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("oh ***")
                .hasMessageNotContaining("wonderland");
        assertThat(log.text()).contains("early ***", "late *** ***").doesNotContain("wonderland", "dnalrednow");
    }

    @Test
    void masksPasswordsThatTheConfigurationShowsThrough() throws Exception {
        FakeMessage message = new FakeMessage();
        message.variables.put(PASS, "wonderland");
        hooks.script("test", hook("print(msg:context_get(VCTX_MESS, '" + PASS + "'))"))
                .start()
                .run(message);
        assertThat(log.text()).contains("scriptlet: ***").doesNotContain("wonderland");
    }

    @Test
    void printsOneLinePerLineWhateverIsInIt() throws Exception {
        run("print('a\\r\\nb\\0c', 1, nil, true)");
        assertThat(log.lines()).contains("scriptlet: a\\x0d\\nb\\x00c 1 nil true");
    }

    @Test
    void stopsAHookThatIsInterruptedAndUsesItsInstanceNoMore() throws Exception {
        hooks.option("instruction_limit", "100000000000")
                .script(
                        "test",
                        hook("n = (n or 0) + 1 if msg.num_retries == 1 then while true do end end"
                                + " msg:context_set(VCTX_MESS, 'n', n)"))
                .start();
        hooks.run();
        FakeMessage stuck = new FakeMessage();
        stuck.retries = 1;
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            running.countDown();
            try {
                hooks.run(stuck);
            } catch (ScriptException expected) {
                thrown.set(expected);
            }
        });
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).hasMessage("test: was interrupted");
        assertThat(hooks.run().variables).isEqualTo(Map.of("n", "1"));
    }

    @Test
    void givesEachScriptItsOwnGlobals() throws Exception {
        hooks.script("one", hook("getmetatable('').__index = function() return 'poisoned' end string.rep = nil x = 1"))
                .script("two", hook("msg:context_set(VCTX_MESS, 'seen', ('ok'):rep(2) .. tostring(x))"))
                .start();
        assertThat(hooks.run().variables).isEqualTo(Map.of("seen", "okoknil"));
    }

    @Test
    void leavesNothingOfAMessageToTheNext() throws Exception {
        hooks.script(
                        "test",
                        hook("if kept then msg:context_set(VCTX_MESS, 'seen',"
                                + " tostring(pcall(function() return kept.id end))) end kept = msg"))
                .start();
        hooks.run();
        assertThat(hooks.run().variables).isEqualTo(Map.of("seen", "false"));
    }

    @Test
    void callsInitOnceAndDeinitAtTheEnd() throws Exception {
        hooks.script(
                        "test",
                        "local mod = {} function mod:init() print('init') return true end"
                                + " function mod:deinit() print('deinit') return true end"
                                + " function mod:outbound_smtp_auth_config(msg) print('hook') end"
                                + " msys.registerModule('test', mod)")
                .start();
        hooks.run();
        hooks.run();
        hooks.hooks().close();
        assertThat(log.lines())
                .containsExactly("scriptlet: init", "scriptlet: hook", "scriptlet: hook", "scriptlet: deinit");
    }

    @Test
    void holdsMailWhenAScriptCouldNotBeLoaded() {
        hooks.script("test", "function x(").start();
        assertThatThrownBy(() -> hooks.run())
                .isInstanceOf(ScriptException.class)
                .hasMessageMatching("test: .*/test.lua:1: <name> expected near '<eof>'");
        assertThat(log.text())
                .contains("script \"test\" cannot be used, so that mail is held")
                .contains("/test.lua:1: ");
    }

    @Test
    void saysThatAScriptIsNotFoundAndWhereItWasLookedFor() {
        hooks.option("script", "x").option("script/x/source", "no.such.lua").start();
        assertThatThrownBy(() -> hooks.run())
                .hasMessageContaining("source \"no.such.lua\" is not found")
                .hasMessageContaining(folder.resolve("no/such/lua.lua").toString())
                .hasMessageContaining("leave out the .lua");
    }

    @Test
    void keepsTheLastGoodScriptWhenTheNextOneIsBroken() throws Exception {
        hooks.script("test", hook("msg:context_set(VCTX_MESS, 'v', 1)")).start();
        hooks.write("test", "not lua");
        hooks.modify();
        assertThat(hooks.run().variables).isEqualTo(Map.of("v", "1"));
        assertThat(log.text()).contains("script \"test\" stays as it was").contains("/test.lua:1: ");
        hooks.write("test", hook("msg:context_set(VCTX_MESS, 'v', 2)"));
        hooks.modify();
        assertThat(hooks.run().variables).isEqualTo(Map.of("v", "2"));
    }

    @Test
    void loadsAChangedScriptWhenTheConfigurationIsReadAgain() throws Exception {
        hooks.script("test", hook("n = (n or 0) + 1 msg:context_set(VCTX_MESS, 'v', 'old' .. n)"))
                .start();
        hooks.run();
        hooks.hooks().refresh();
        assertThat(hooks.run().variables).as("nothing has changed").isEqualTo(Map.of("v", "old2"));
        hooks.write("test", hook("msg:context_set(VCTX_MESS, 'v', 'new')"));
        hooks.hooks().refresh();
        assertThat(hooks.run().variables).isEqualTo(Map.of("v", "new"));
    }

    @Test
    void requiresScriptsOfTheFolderAndNothingElse() throws Exception {
        hooks.write("shared", "local m = {} function m.user() return 'shared' end return m");
        FakeMessage message = run("msg:context_set(VCTX_MESS, 'x', require('shared').user())");
        assertThat(message.variables).isEqualTo(Map.of("x", "shared"));
    }

    @Test
    void doesNothingWhereTheStanzaIsNotEnabled() throws Exception {
        hooks.option("enabled", "false").script("test", hook("error('never')")).start();
        assertThat(hooks.run().variables).isEmpty();
    }

    @Test
    void neverEntersAnInstanceTwiceAtOnce() throws Exception {
        hooks.script(
                        "test",
                        hook("assert(not busy) busy = true local s = '' for i = 1, 200 do s = s .. i end busy = false"
                                + " msg:context_set(VCTX_MESS, 'ok', 'yes')"))
                .start();
        List<Thread> threads = java.util.stream.IntStream.range(0, 8)
                .mapToObj(i -> Thread.ofVirtual().unstarted(() -> runOften(200)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(log.text()).doesNotContain("assertion failed");
    }

    private void runOften(int times) {
        for (int i = 0; i < times; i++) {
            try {
                assertThat(hooks.run().variables).containsEntry("ok", "yes");
            } catch (ScriptException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
