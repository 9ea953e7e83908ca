// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;

/**
 * The two examples of the ancestor's manual, as they are printed there, other forms that inherited scripts come in, and
 * scripts that come and go.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LuaIT {

    private static final String TEXT = "Subject: hello\r\nX-Tenant: seven\r\n\r\nbody\r\n";
    private static final String SCRIPTLET =
            "alerting {}\nscriptlet \"scriptlet\" { script \"hook\" { source = \"hook\" } }\n";

    @Inject
    private BundleContext context;

    private Instance instance;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void open() throws Exception {
        instance = new Instance(context);
    }

    private static String printed(String example) throws IOException {
        try (InputStream in = LuaIT.class.getResourceAsStream("/momentum/" + example)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void script(String text) throws IOException {
        script("hook", text);
    }

    private void script(String name, String text) throws IOException {
        Path folder = Files.createDirectories(instance.directory().resolve("scriptlets"));
        Files.writeString(folder.resolve(name + ".lua"), text);
    }

    private static String hook(String name, String body) {
        return "require(\"msys.core\");\nlocal mod = {};\nfunction mod:outbound_smtp_auth_config(msg, ac, vctx)\n"
                + body + "\nend\nmsys.registerModule(\"" + name + "\", mod);\n";
    }

    private static void check(ReceivedMessage message, String user, String mechanism) {
        assertEquals(Optional.of(user), message.user());
        assertEquals(Optional.of(mechanism), message.mechanism());
    }

    @Test
    public void theDocumentedConfigurationDeliversToBothDomains() throws Exception {
        try (MailPeer login = instance.peer("LOGIN", "msys", "msys");
                MailPeer plain = instance.peer("PLAIN", "sparkpost", "sparkpost")) {
            instance.configure(
                    printed("domains.conf") + route("messagesystems.com", login) + route("sparkpost.com", plain));
            instance.send("s@example.org", "x@messagesystems.com", TEXT);
            instance.send("s@example.org", "y@sparkpost.com", TEXT);
            eventually(() -> login.messageCount() == 1 && plain.messageCount() == 1);
            check(login.messages().getFirst(), "msys", "LOGIN");
            check(plain.messages().getFirst(), "sparkpost", "PLAIN");
        }
    }

    @Test
    public void theDocumentedScriptDeliversWithTheAccountThatItSets() throws Exception {
        script(printed("hook.lua"));
        try (MailPeer login = instance.peer("LOGIN", "foo", "bar");
                MailPeer plain = instance.peer("PLAIN", "foo", "bar")) {
            instance.configure(SCRIPTLET
                    + printed("domains.conf")
                    + route("messagesystems.com", login)
                    + route("sparkpost.com", plain));
            instance.send("s@example.org", "x@messagesystems.com", TEXT);
            instance.send("s@example.org", "y@sparkpost.com", TEXT);
            eventually(() -> login.messageCount() == 1 && plain.messageCount() == 1);
            check(login.messages().getFirst(), "foo", "LOGIN");
            check(plain.messages().getFirst(), "foo", "PLAIN");
        }
    }

    @Test
    public void variantEDeliversWithTheAccountOfTheTenantInTheHeader() throws Exception {
        script(hook("hook", """
                local tenant = msg:header("X-Tenant")[1];
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", tenant .. " of " .. msg:mailfrom());
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", "try " .. msg.num_retries);
                """));
        try (MailPeer peer = instance.peer("PLAIN", "seven of s@example.org", "try 0")) {
            instance.configure(SCRIPTLET + route("tenant.example", peer));
            deliver(peer, "tenant.example", 1);
            check(peer.messages().getFirst(), "seven of s@example.org", "PLAIN");
        }
    }

    @Test
    public void variantFDeliversWithTheAccountThatTheConfigurationNames() throws Exception {
        script(hook("hook", """
                local d = msg:routing_domain();
                local key = msys.config("get", "binding", msg:binding(), "domain", d, "outbound_smtp_auth_key")
                  or msys.config("eval", "domain", d, "outbound_smtp_auth_key");
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_user", key);
                msg:context_set(VCTX_MESS, "outbound_smtp_auth_pass", "secret");
                """));
        try (MailPeer inner = instance.peer("PLAIN", "inner", "secret");
                MailPeer outer = instance.peer("PLAIN", "outer", "secret")) {
            instance.configure(SCRIPTLET
                    + "Outbound_SMTP_AUTH_Key = \"outer\"\n"
                    + "Binding_Group \"bulk\" { Binding \"bulk-1\" { Domain \"inner.example\" {"
                    + " Outbound_SMTP_AUTH_Key = \"inner\" } } }\n"
                    + route("inner.example", inner)
                    + route("outer.example", outer));
            String bound = "X-Binding: bulk-1\r\n" + TEXT;
            instance.send("s@example.org", "x@inner.example", bound);
            instance.send("s@example.org", "x@outer.example", bound);
            eventually(() -> inner.messageCount() == 1 && outer.messageCount() == 1);
            check(inner.messages().getFirst(), "inner", "PLAIN");
            check(outer.messages().getFirst(), "outer", "PLAIN");
        }
    }

    @Test
    public void variantHDeliversThoughTheHookReturnsAConstant() throws Exception {
        script(hook("hook", """
                msg:context_set(msys.core.ECMESS_CTX_MESS, "outbound_smtp_auth_user", "foo");
                msg:context_set(msys.core.ECMESS_CTX_MESS, "outbound_smtp_auth_pass", "bar");
                return msys.core.VALIDATE_CONT;
                """));
        try (MailPeer peer = instance.peer("PLAIN", "foo", "bar")) {
            instance.configure(SCRIPTLET + route("constant.example", peer));
            deliver(peer, "constant.example", 1);
            check(peer.messages().getFirst(), "foo", "PLAIN");
        }
    }

    @Test
    public void variantIDeliversWithWhatTwoScriptsHaveSetTogether() throws Exception {
        script(
                "user",
                hook(
                        "user",
                        "msg:context_set(VCTX_MESS, 'outbound_smtp_auth_user', 'house')\n"
                                + "msg:context_set(VCTX_MESS, 'outbound_smtp_auth_pass', 'to be replaced')"));
        script(
                "password",
                hook(
                        "password",
                        "local user = msg:context_get(VCTX_MESS, 'outbound_smtp_auth_user')\n"
                                + "msg:context_set(VCTX_MESS, 'outbound_smtp_auth_pass', user .. ' of cards')"));
        try (MailPeer peer = instance.peer("PLAIN", "house", "house of cards")) {
            instance.configure("scriptlet \"scriptlet\" { script \"user\" { source = \"user\" }"
                    + " script \"password\" { source = \"password\" } }\n"
                    + route("two.example", peer));
            deliver(peer, "two.example", 1);
            check(peer.messages().getFirst(), "house", "PLAIN");
        }
    }

    @Test
    public void aScriptIsReadAgainWithTheConfigurationAndABrokenOneChangesNothing() throws Exception {
        String hook = "local mod = {} function mod:outbound_smtp_auth_config(msg)"
                + " msg:context_set(VCTX_MESS, 'outbound_smtp_auth_user', msg:header('X-Tenant')[1] .. '%s')"
                + " msg:context_set(VCTX_MESS, 'outbound_smtp_auth_pass', 'secret') end msys.registerModule('hook', mod)";
        script(hook.formatted("-old"));
        try (MailPeer old = instance.peer("PLAIN", "seven-old", "secret");
                MailPeer fresh = instance.peer("PLAIN", "seven-new", "secret")) {
            String routes = route("old.example", old) + route("new.example", fresh);
            instance.configure(SCRIPTLET + routes);
            deliver(old, "old.example", 1);
            script("this is no Lua");
            instance.run("reload");
            deliver(old, "old.example", 2);
            script(hook.formatted("-new"));
            instance.run("reload");
            // Scripts are loaded beside the reload; a message that was quicker waits for its next attempt.
            eventually(() -> {
                instance.send("s@example.org", "x@new.example", TEXT);
                return fresh.messageCount() > 0;
            });
        }
    }

    private void deliver(MailPeer peer, String domain, int count) throws IOException {
        instance.send("s@example.org", "x@" + domain, TEXT);
        eventually(() -> peer.messageCount() == count);
    }

    @Test
    public void aScriptThatRaisesDefersTheMessageAndSendsNothing() throws Exception {
        script("function mod:outbound_smtp_auth_config(msg) error('hunter2 is out') end");
        try (MailPeer peer = instance.peer("PLAIN", "alice", "wonderland")) {
            instance.configure(SCRIPTLET
                    + route("raise.example", peer)
                    + Instance.login("raise.example", "PLAIN", "alice", "wonderland"));
            instance.send("s@example.org", "x@raise.example", TEXT);
            eventually(() -> instance.reasons().contains("ScriptException"));
            assertFalse(instance.reasons().contains("hunter2"));
            assertTrue(instance.reasons(), instance.reasons().contains("4.7.0"));
            assertEquals(0, peer.messageCount());
        }
    }
}
