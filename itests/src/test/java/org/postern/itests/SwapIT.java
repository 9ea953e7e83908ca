// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.jar;
import static org.postern.itests.Instance.login;
import static org.postern.itests.Instance.route;

import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.postern.itests.Load.Destination;
import org.postern.peer.MailPeer;
import org.postern.testkit.Canaries;

/** Every plug-in is replaced while mail flows, and nobody who sends or receives mail can tell. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapIT {

    private static final String LOGIN = "org.postern.auth.login";
    private static final String PLAIN = "org.postern.auth.plain";
    private static final String VAULT = "org.postern.credential.vault";
    private static final String CONFIG = "org.postern.config.store";
    private static final String INTAKE = "org.postern.intake.smtp";
    private static final String SPOOL = "org.postern.spool.local";
    private static final String CORE = "org.postern.core";

    /** What the engine waits for a mechanism that is being replaced, and a little for a busy machine. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    private static final String OLD = Canaries.MARKER + " the old one";
    private static final String NEW = Canaries.MARKER + " the new one";

    @Inject
    private BundleContext context;

    private Instance instance;
    private MailPeer plain;
    private MailPeer login;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void open() throws Exception {
        instance = new Instance(context);
        plain = instance.peer("PLAIN", "alice", "wonderland");
        login = instance.peer("LOGIN", "bob", "builder");
    }

    @After
    public void close() {
        plain.close();
        login.close();
    }

    private Load mailFlows() {
        return Load.on(
                instance::listenerPort,
                new Destination("plain.example", plain, "alice", "PLAIN"),
                new Destination("login.example", login, "bob", "LOGIN"));
    }

    private void passwordsInTheConfiguration() throws Exception {
        instance.configure(routes()
                + login("plain.example", "PLAIN", "alice", "wonderland")
                + login("login.example", "LOGIN", "bob", "builder"));
    }

    private void passwordsInTheVault() throws Exception {
        String vault = instance.vault();
        instance.vaultSet("plain-key", "alice", "wonderland");
        instance.vaultSet("login-key", "bob", "builder");
        instance.configure(vault + routes() + key("plain.example", "plain-key") + key("login.example", "login-key"));
    }

    // Sessions end after a few messages, so that there are logins before, during and after each swap.
    private String routes() {
        return "Max_Deliveries_Per_Connection = 4\n" + route("plain.example", plain) + route("login.example", login);
    }

    private static String key(String domain, String key) {
        return "Domain \"" + domain + "\" { Outbound_SMTP_AUTH_Key = \"" + key + "\" }\n";
    }

    private void nothingFailedSince(Map<String, Long> before) {
        Map<String, Long> now = instance.engine().counters();
        for (String name : List.of("deferred", "failed", "possible_duplicates")) {
            assertEquals(name, before.getOrDefault(name, 0L), now.getOrDefault(name, 0L));
        }
        nobodyWasRefused();
    }

    private void nobodyWasRefused() {
        assertEquals("refused logins at PLAIN's peer", 0, plain.failedLogins());
        assertEquals("refused logins at LOGIN's peer", 0, login.failedLogins());
    }

    private static void inTime(Duration longest) {
        assertTrue("the longest delay was " + longest, longest.compareTo(GRACE) < 0);
    }

    @Test
    public void aMechanismIsUpdatedTwentyTimes() throws Exception {
        passwordsInTheConfiguration();
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows().awaitArrivals(5)) {
            for (int i = 0; i < 20; i++) {
                long loginsBefore = login.logins();
                instance.update(LOGIN);
                eventually(() -> login.logins() > loginsBefore);
                load.awaitArrivals(2);
            }
            inTime(load.stop().settle());
        }
        nothingFailedSince(before);
    }

    @Test
    public void aMechanismStopsAndStarts() throws Exception {
        passwordsInTheConfiguration();
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows().awaitArrivals(5)) {
            for (int i = 0; i < 5; i++) {
                instance.bundle(PLAIN).stop();
                load.awaitAccepted(10);
                instance.bundle(PLAIN).start();
                load.awaitArrivals(5);
            }
            inTime(load.stop().settle());
        }
        nothingFailedSince(before);
    }

    @Test
    public void aMechanismIsUninstalledAndAnotherInstalled() throws Exception {
        passwordsInTheConfiguration();
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows().awaitArrivals(5)) {
            Bundle old = instance.bundle(LOGIN);
            old.uninstall();
            load.awaitAccepted(10);
            install(old.getLocation());
            load.awaitArrivals(5);
            inTime(load.stop().settle());
        }
        nothingFailedSince(before);
    }

    private void install(String location) throws Exception {
        try (InputStream jar = Files.newInputStream(jar(LOGIN))) {
            context.installBundle(location, jar).start();
        }
    }

    @Test
    public void aMechanismThatIsGoneForGoodLeavesMailWaitingAndTheOtherPeerUndisturbed() throws Exception {
        passwordsInTheConfiguration();
        Bundle gone = instance.bundle(LOGIN);
        gone.uninstall();
        try {
            instance.send("s@example.org", "waits@login.example", "Subject: waits\r\n\r\n");
            instance.send("s@example.org", "flows@plain.example", "Subject: flows\r\n\r\n");
            eventually(() -> plain.messageCount() == 1);
            eventually(() -> instance.reasons().contains("installed"));
            assertTrue(instance.reasons(), instance.reasons().contains("LOGIN"));
            assertEquals("messages at LOGIN's peer", 0, login.messageCount());
            assertEquals(
                    1,
                    instance.engine().queues().stream()
                            .mapToInt(queue -> queue.held())
                            .sum());
        } finally {
            install(gone.getLocation());
        }
        eventually(() -> login.messageCount() == 1);
        nobodyWasRefused();
    }

    @Test
    public void theVaultIsUpdatedWhileMessagesResolveByKey() throws Exception {
        passwordsInTheVault();
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows().awaitArrivals(5)) {
            for (int i = 0; i < 5; i++) {
                instance.update(VAULT);
                load.awaitArrivals(5);
            }
            inTime(load.stop().settle());
        }
        nothingFailedSince(before);
    }

    @Test
    public void aPasswordIsChangedInTheVaultWhileThePeerTakesBothAndThenOnlyTheNewOne() throws Exception {
        TwoPasswords accounts = new TwoPasswords("carol", OLD);
        try (MailPeer peer = instance.peer(accounts)) {
            String vault = instance.vault();
            instance.vaultSet("rotated", "carol", OLD);
            instance.configure("Max_Deliveries_Per_Connection = 4\n" + vault + route("rotated.example", peer)
                    + key("rotated.example", "rotated"));
            Map<String, Long> before = instance.engine().counters();
            try (Load load = Load.on(instance::listenerPort, new Destination("rotated.example", peer, "carol", "PLAIN"))
                    .awaitArrivals(5)) {
                accounts.allow(NEW);
                instance.vaultSet("rotated", "carol", NEW);
                eventually(() -> accounts.wasShown(NEW));
                load.awaitArrivals(20);
                accounts.refuse(OLD);
                load.awaitArrivals(20);
                inTime(load.stop().settle());
            }
            assertEquals("refused logins", 0, peer.failedLogins());
            nothingFailedSince(before);
        }
    }

    @Test
    public void theConfigurationOutlivesTheBundleThatReadIt() throws Exception {
        passwordsInTheConfiguration();
        Map<String, Long> before = instance.engine().counters();
        Bundle config = instance.bundle(CONFIG);
        try (Load load = mailFlows().awaitArrivals(5)) {
            config.stop();
            load.awaitArrivals(10);
            config.start();
            load.awaitArrivals(5);
            instance.update(CONFIG);
            load.awaitArrivals(5);
            inTime(load.stop().settle());
        } finally {
            config.start();
        }
        nothingFailedSince(before);
    }

    @Test
    public void theListenerStopsAndStartsAndSendersTryAgain() throws Exception {
        passwordsInTheConfiguration();
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows().awaitArrivals(5)) {
            for (int i = 0; i < 3; i++) {
                long refusals = load.refusals();
                instance.bundle(INTAKE).stop();
                eventually(() -> load.refusals() > refusals);
                instance.bundle(INTAKE).start();
                load.awaitArrivals(5);
                instance.update(INTAKE);
                load.awaitArrivals(5);
            }
            inTime(load.stop().settle());
        }
        nothingFailedSince(before);
    }

    @Test
    public void theSpoolIsUpdatedAndTheEngineStopsAndStartsAndNothingIsLost() throws Exception {
        passwordsInTheConfiguration();
        try (Load load = mailFlows().awaitArrivals(5)) {
            for (int i = 0; i < 2; i++) {
                instance.update(SPOOL);
                load.awaitArrivals(5);
                // An update of core makes everybody wired to it begin anew, this test too: see DropFolderIT.
                instance.bundle(CORE).stop();
                instance.bundle(CORE).start();
                load.awaitArrivals(5);
            }
            load.stop().settle();
        }
        nothingFailedSince(Map.of());
    }
}
