// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.login;
import static org.postern.itests.Instance.route;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.postern.engine.dto.MechanismView;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;

/** What ships, in its container, over real sockets and real TLS. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DeliveryIT {

    private static final String TEXT = "Subject: hello\r\n\r\nbody\r\n";

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

    @Test
    public void everyBundleThatShipsIsActive() {
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            assertTrue(bundle + " is in state " + bundle.getState(), fragment || bundle.getState() == Bundle.ACTIVE);
        }
        List<String> mechanisms =
                instance.engine().mechanisms().stream().map(MechanismView::name).toList();
        assertTrue(
                mechanisms.toString(),
                mechanisms.containsAll(List.of("SCRAM-SHA-512-PLUS", "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER")));
    }

    @Test
    public void theStrongestMechanismsComeFirst() {
        List<String> order = List.of(
                "SCRAM-SHA-512-PLUS",
                "SCRAM-SHA-256-PLUS",
                "SCRAM-SHA-512",
                "SCRAM-SHA-256",
                "SCRAM-SHA-1-PLUS",
                "SCRAM-SHA-1",
                "OAUTHBEARER",
                "XOAUTH2",
                "PLAIN",
                "LOGIN");
        assertEquals(
                order,
                instance.engine().mechanisms().stream()
                        .map(MechanismView::name)
                        .filter(order::contains)
                        .toList());
    }

    @Test
    public void scramDeliversWithEveryHashBoundToTheSessionAndNot() throws Exception {
        for (String mechanism : List.of(
                "SCRAM-SHA-1",
                "SCRAM-SHA-256",
                "SCRAM-SHA-512",
                "SCRAM-SHA-1-PLUS",
                "SCRAM-SHA-256-PLUS",
                "SCRAM-SHA-512-PLUS")) {
            String domain = mechanism.toLowerCase(Locale.ROOT) + ".example";
            try (MailPeer peer = instance.peer(mechanism, "j\u00FCrgen,=", "p\u00E4ss, w=rt")) {
                instance.configure(route(domain, peer) + login(domain, mechanism, "j\u00FCrgen,=", "p\u00E4ss, w=rt"));
                instance.send("s@example.org", "x@" + domain, TEXT);
                eventually(() -> peer.messageCount() == 1);
                check(peer.messages().getFirst(), "j\u00FCrgen,=", mechanism);
            }
        }
    }

    @Test
    public void aTokenInThePlaceOfAPasswordIsATokenAndItsRefusalIsExplained() throws Exception {
        for (String mechanism : List.of("XOAUTH2", "OAUTHBEARER")) {
            String domain = mechanism.toLowerCase(Locale.ROOT) + ".example";
            try (MailPeer peer = instance.peer(mechanism, "a,b=c@example", "ya29.good")) {
                instance.configure(route(domain, peer) + login(domain, mechanism, "a,b=c@example", "ya29.old"));
                instance.send("s@example.org", "x@" + domain, TEXT);
                eventually(() -> instance.reasons().contains("refused AUTH: 535"));
                assertTrue(instance.reasons(), instance.reasons().contains("(status 401, scope mail)"));
                assertEquals(1, peer.failedLogins());

                instance.configure(route(domain, peer) + login(domain, mechanism, "a,b=c@example", "ya29.good"));
                eventually(() -> peer.messageCount() == 1);
                check(peer.messages().getFirst(), "a,b=c@example", mechanism);
            }
        }
    }

    @Test
    public void plainAndLoginDeliverOverTlsEachWithItsOwnAccount() throws Exception {
        try (MailPeer plain = instance.peer("PLAIN", "alice", "wonderland");
                MailPeer login = instance.peer("LOGIN", "bob", "builder")) {
            instance.configure(route("plain.example", plain)
                    + login("plain.example", "PLAIN", "alice", "wonderland")
                    + route("login.example", login)
                    + login("login.example", "LOGIN", "bob", "builder"));

            instance.send("s@example.org", "x@plain.example", TEXT);
            instance.send("s@example.org", "y@login.example", TEXT);

            eventually(() -> plain.messageCount() == 1 && login.messageCount() == 1);
            check(plain.messages().getFirst(), "alice", "PLAIN");
            check(login.messages().getFirst(), "bob", "LOGIN");
        }
    }

    private static void check(ReceivedMessage message, String user, String mechanism) {
        assertEquals(Optional.of(user), message.user());
        assertEquals(Optional.of(mechanism), message.mechanism());
        assertTrue(message.tlsProtocol().isPresent());
        assertTrue(new String(message.content(), StandardCharsets.UTF_8).endsWith(TEXT));
    }

    @Test
    public void aWrongPasswordHoldsTheMailAndTheRightOneLetsItGo() throws Exception {
        try (MailPeer peer = instance.peer("PLAIN", "alice", "wonderland")) {
            instance.configure(route("held.example", peer) + login("held.example", "PLAIN", "alice", "wrong"));
            instance.send("s@example.org", "x@held.example", TEXT);
            eventually(() -> instance.reasons().contains("refused AUTH: 535"));
            assertEquals(1, peer.failedLogins());

            instance.configure(route("held.example", peer) + login("held.example", "PLAIN", "alice", "wonderland"));

            eventually(() -> peer.messageCount() == 1);
        }
    }

    @Test
    public void aMissingMechanismExplainsItselfInFourColumns() throws Exception {
        Bundle login = instance.bundle("org.postern.auth.login");
        try (MailPeer peer = instance.peer("LOGIN", "bob", "builder")) {
            instance.configure(route("missing.example", peer) + login("missing.example", "LOGIN", "bob", "builder"));
            login.stop();
            instance.send("s@example.org", "x@missing.example", TEXT);

            eventually(() -> instance.reasons().contains("offered"));
            String reason = instance.reasons();
            for (String column : new String[] {"offered", "installed", "policy", "credential"}) {
                assertTrue(reason, reason.contains(column));
            }
            assertEquals(0, peer.messageCount());

            login.start();
            eventually(() -> peer.messageCount() == 1);
        } finally {
            login.start();
        }
    }

    @Test
    public void theVaultNamedByKeyGivesUserAndPassword() throws Exception {
        String vault = instance.vault();
        instance.vaultSet("relay-1", "alice", "wonderland");
        try (MailPeer peer = instance.peer("PLAIN", "alice", "wonderland")) {
            instance.configure(vault
                    + route("vault.example", peer)
                    + "Domain \"vault.example\" { Outbound_SMTP_AUTH_Key = \"relay-1\" }\n");
            instance.send("s@example.org", "x@vault.example", TEXT);
            eventually(() -> peer.messageCount() == 1);
            assertEquals(Optional.of("alice"), peer.messages().getFirst().user());
        }
    }
}
