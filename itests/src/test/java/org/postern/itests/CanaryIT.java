// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.login;
import static org.postern.itests.Instance.route;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.postern.engine.DeliveryEngine;
import org.postern.engine.Submission;
import org.postern.peer.Accounts;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerMechanism;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.testkit.Canaries;

/** Passwords that can be recognised in any dress are used in every way, and are then found nowhere. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class CanaryIT {

    private static final String TEXT = "Subject: canary\r\n\r\n";

    @Inject
    private BundleContext context;

    private final Canaries canaries = new Canaries();
    private Instance instance;
    private Artefacts artefacts;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void open() throws Exception {
        instance = new Instance(context);
        artefacts = new Artefacts(context, instance);
    }

    @After
    public void close() {
        artefacts.close();
    }

    /** @param sources files that hold secrets because an operator wrote them there */
    private void noneEscaped(Path... sources) throws Exception {
        Map<String, String> texts = artefacts.texts();
        texts.forEach((where, text) -> {
            assertFalse(where + " is empty", text.isBlank());
            canaries.assertAbsentFrom(where, text);
        });
        Path configuration = instance.directory().resolve("postern.conf");
        List<Path> exempt = new ArrayList<>(List.of(sources));
        exempt.add(configuration);
        List<Path> files = artefacts.files(exempt);
        assertTrue(files.toString(), files.stream().anyMatch(file -> file.endsWith("transcript")));
        for (Path file : files) {
            canaries.assertAbsentFrom(file);
        }
        // The scan can see: where the password must be, it is found.
        assertFalse(canaries.findIn(configuration).isEmpty());
    }

    @Test
    public void noPasswordEscapesWhileMailIsDelivered() throws Exception {
        String plainPassword = canaries.plant("PLAIN, configuration");
        String loginPassword = canaries.plant("LOGIN, configuration");
        String vaultPassword = canaries.plant("vault");
        try (MailPeer plain = instance.peer("PLAIN", "alice", plainPassword);
                MailPeer login = instance.peer("LOGIN", "bob", loginPassword);
                MailPeer vaulted = instance.peer("PLAIN", "carol", vaultPassword)) {
            String vault = instance.vault();
            instance.vaultSet("canary", "carol", vaultPassword);
            instance.configure(vault
                    + route("plain.example", plain)
                    + login("plain.example", "PLAIN", "alice", plainPassword)
                    + route("login.example", login)
                    + login("login.example", "LOGIN", "bob", loginPassword)
                    + route("vault.example", vaulted)
                    + "Domain \"vault.example\" { Outbound_SMTP_AUTH_Key = \"canary\" }\n");
            for (String domain : List.of("plain.example", "login.example", "vault.example")) {
                instance.send("s@example.org", "x@" + domain, TEXT);
            }
            eventually(() -> plain.messageCount() + login.messageCount() + vaulted.messageCount() == 3);
            assertEquals(Optional.of("carol"), vaulted.messages().getFirst().user());
            noneEscaped();
        }
    }

    @Test
    public void noPasswordOfAScriptEscapesThoughTheScriptItselfTellsIt() throws Exception {
        String configured = canaries.plant("configuration, behind a script");
        String set = canaries.plant("Lua, set");
        Path script = Files.createDirectories(instance.directory().resolve("scriptlets"))
                .resolve("hook.lua");
        Files.writeString(script, """
                function mod:outbound_smtp_auth_config(msg)
                  print('configured: ' .. msg:context_get(VCTX_MESS, 'outbound_smtp_auth_pass'))
                  msg:context_set(VCTX_MESS, 'outbound_smtp_auth_pass', '%1$s')
                  print('set: %1$s', string.reverse('%1$s'))
                  if msg:header('X-Raise')[1] then
                    error('not with %1$s')
                  end
                end
                """.formatted(set));
        try (MailPeer peer = instance.peer("PLAIN", "heidi", set)) {
            instance.configure("scriptlet \"scriptlet\" { script \"hook\" { source = \"hook\" } }\n"
                    + route("scripted.example", peer)
                    + login("scripted.example", "PLAIN", "heidi", configured));
            instance.send("s@example.org", "x@scripted.example", TEXT);
            eventually(() -> peer.messageCount() == 1);
            instance.send("s@example.org", "y@scripted.example", "X-Raise: yes\r\n" + TEXT);
            eventually(() -> instance.reasons().contains("ScriptException"));
            assertTrue(artefacts.texts().get("the log at TRACE").contains("configured: "));
            noneEscaped(script);
        } finally {
            Files.delete(script);
            // Its hook leaves a moment after the reload, and would choose the passwords of the next test.
            instance.configure("");
            eventually(() -> context.getServiceReference(OutboundAuthHook.class) == null);
        }
    }

    @Test
    public void noPasswordEscapesWhereDeliveryFails() throws Exception {
        String wrong = canaries.plant("refused");
        String unused = canaries.plant("peer down");
        String unfed = canaries.plant("mechanism missing");
        MailPeer down = instance.peer("PLAIN", "alice", unused);
        down.close();
        try (MailPeer refusing = instance.peer("PLAIN", "alice", "another");
                MailPeer lacking = instance.peer("LOGIN", "bob", unfed)) {
            instance.configure(route("refused.example", refusing)
                    + login("refused.example", "PLAIN", "alice", wrong)
                    + route("down.example", down)
                    + login("down.example", "PLAIN", "alice", unused)
                    + route("lacking.example", lacking)
                    + login("lacking.example", "PLAIN", "bob", unfed));
            List<String> domains = List.of("refused.example", "down.example", "lacking.example");
            for (String domain : domains) {
                instance.send("s@example.org", "x@" + domain, TEXT);
            }
            eventually(() -> instance.engine().queues().stream()
                            .filter(queue -> domains.contains(queue.domain()))
                            .filter(queue -> queue.lastReason().isPresent())
                            .count()
                    == 3);
            assertEquals(1, refusing.failedLogins());
            noneEscaped();
        }
    }

    @Test
    public void noPasswordEscapesThoughThePeerSaysAloudWhatItWasShown() throws Exception {
        String shown = canaries.plant("echoed");
        try (MailPeer peer = instance.peer(new Gossip())) {
            instance.configure(route("gossip.example", peer) + login("gossip.example", "PLAIN", "alice", shown));
            instance.send("s@example.org", "x@gossip.example", TEXT);
            eventually(() -> peer.failedLogins() == 1 && instance.reasons().contains("refused AUTH: 535"));
            noneEscaped();
        }
    }

    /** A server that writes what it got into its reply, as some do in their debugging builds. */
    private static final class Gossip implements ServerMechanism {

        @Override
        public String name() {
            return "PLAIN";
        }

        @Override
        public Exchange begin(Accounts accounts) {
            return response -> response.<Verdict>map(Gossip::deny).orElse(new Verdict.Challenge(new byte[0]));
        }

        private static Verdict deny(byte[] response) {
            String text = new String(response, StandardCharsets.UTF_8);
            return new Verdict.Denied("535 5.7.8 bad password " + text.substring(text.lastIndexOf('\0') + 1) + " in "
                    + Base64.getEncoder().encodeToString(response));
        }
    }

    @Test
    public void noTokenAndNoSecretThatGetsOneEscapes() throws Exception {
        String unused = canaries.plant("configuration");
        String user = "relay@example.org";
        try (MailPeer peer = instance.peer("XOAUTH2", user, "no token yet");
                TokenProvider provider = new TokenProvider(canaries::plant, token -> peer.account(user, token))) {
            instance.configure(instance.vault()
                    + provider.account(instance, user)
                    + route("token.example", peer)
                    + login("unused.example", "PLAIN", "u", unused)
                    + "Domain \"token.example\" { Outbound_SMTP_AUTH_Type = \"XOAUTH2\""
                    + " Outbound_SMTP_AUTH_Key = \"relay\" }\n"
                    + "Max_Deliveries_Per_Connection = 1\n");
            instance.send("s@example.org", "x@token.example", TEXT);
            eventually(() -> peer.messageCount() == 1);

            peer.account(user, "ended");
            instance.send("s@example.org", "y@token.example", TEXT);
            eventually(() -> peer.messageCount() == 2);

            provider.takeOnly(canaries.plant("refresh token of a login elsewhere"));
            assertEquals(0, instance.attempt("", "oauth", "retry", "relay").code());
            peer.account(user, "ended again");
            instance.send("s@example.org", "z@token.example", TEXT);
            eventually(() -> peer.failedLogins() == 2);
            String status = instance.run("oauth", "status");
            assertTrue(status, status.contains("invalid_grant"));
            canaries.assertAbsentFrom("oauth status", status);
            String explained = instance.run("explain", "--to", "z@token.example");
            assertTrue(explained, explained.contains("relay"));
            canaries.assertAbsentFrom("explain", explained);

            instance.vaultSet(TokenProvider.REFRESH_TOKEN_PLACE, user, provider.refreshToken());
            eventually(() -> peer.messageCount() == 3);
            noneEscaped();
        }
    }

    @Test
    public void aPasswordThatComesWithAMessageIsUsedAndNotStored() throws Exception {
        String inContext = canaries.plant("message context");
        String configured = canaries.plant("configuration");
        try (MailPeer peer = instance.peer("PLAIN", "dave", inContext);
                MailPeer refusing = instance.peer("PLAIN", "dave", "another")) {
            instance.configure(route("context.example", peer)
                    + login("context.example", "PLAIN", "dave", configured)
                    + route("waits.example", refusing));
            submit("x@context.example", inContext);
            submit("x@waits.example", inContext);
            eventually(() -> peer.messageCount() == 1 && refusing.failedLogins() == 1);
            eventually(() -> instance.reasons().contains("refused AUTH: 535"));
            noneEscaped();
        }
    }

    private void submit(String recipient, String password) throws Exception {
        DeliveryEngine engine = context.getService(context.getServiceReference(DeliveryEngine.class));
        Envelope envelope = new Envelope(
                Optional.of(MailAddress.parse("s@example.org")),
                List.of(MailAddress.parse(recipient)),
                BodyType.SEVEN_BIT,
                false);
        try (Submission submission = engine.submit()) {
            submission.write(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.US_ASCII)));
            submission.accept(
                    envelope,
                    Binding.DEFAULT,
                    Map.of(
                            "outbound_smtp_auth_type", "PLAIN",
                            "outbound_smtp_auth_user", "dave",
                            "outbound_smtp_auth_pass", password));
        }
    }

    @Test
    public void aWrongConfigurationIsExplainedWithoutThePasswordInIt() throws Exception {
        String secret = canaries.plant("wrong configuration");
        String opened = "Domain \"wrong.example\" { Outbound_SMTP_AUTH_User = \"u\" ";
        for (String wrong : List.of(
                opened + "Outbound_SMTP_AUTH_Pas = \"" + secret + "\" }\n",
                opened + "Outbound_SMTP_AUTH_Pass = \"" + secret + "\n }\n",
                opened + "Outbound_SMTP_AUTH_Pass = ( \"" + secret + "\" \"" + secret + "\" ) }\n",
                opened + "Outbound_SMTP_AUTH_Pass = \"" + secret + "\" \"" + secret + "\" }\n",
                opened + "Outbound_SMTP_AUTH_Pass \"" + secret + "\" }\n",
                opened + "Outbound_SMTP_AUTH_Pass = { \"" + secret + "\" } }\n",
                "Outbound_SMTP_AUTH_Pass = \"" + secret + "\" } }\n",
                "Outbound_SMTP_AUTH_Passwort { Pass = \"" + secret + "\" }\n")) {
            Instance.Ended ended = instance.misconfigure(wrong);
            assertTrue(wrong.replace(secret, "***") + ended.printed(), ended.code() != 0);
            canaries.assertAbsentFrom("the complaint about " + wrong.replace(secret, "***"), ended.printed());
            canaries.assertAbsentFrom(
                    "config-status", instance.attempt("", "config-status").printed());
        }
        try (MailPeer peer = instance.peer("PLAIN", "u", secret)) {
            instance.configure(route("wrong.example", peer) + login("wrong.example", "PLAIN", "u", secret));
            instance.send("s@example.org", "x@wrong.example", TEXT);
            eventually(() -> peer.messageCount() == 1);
            noneEscaped();
        }
    }
}
