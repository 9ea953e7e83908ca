// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import org.postern.itests.Load.Destination;
import org.postern.peer.MailPeer;
import org.postern.testkit.Canaries;

/** Mail goes out with passwords of HashiCorp Vault, whatever happens to the password, the store and the server. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HashicorpIT {

    private static final String STORE = "org.postern.credential.hashicorp";
    private static final Duration GRACE = Duration.ofSeconds(6);

    @Inject
    private BundleContext context;

    private final Canaries canaries = new Canaries();
    private Instance instance;
    private VaultService vault;
    private TwoPasswords accounts;
    private MailPeer peer;
    private String password;

    /** Of its own for each test: the relay remembers what it was answered. */
    private final String key = "relay-" + UUID.randomUUID();

    private final String domain = key + ".example";

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void open() throws Exception {
        instance = new Instance(context);
        String secretId = canaries.plant("secret ID");
        password = canaries.plant("password");
        vault = new VaultService(instance.tlsServer(), secretId);
        vault.put(key, "carol", password);
        Path file = Files.writeString(instance.directory().resolve("secret-id"), secretId);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        accounts = new TwoPasswords("carol", password);
        peer = instance.peer(accounts);
        instance.configure("Max_Deliveries_Per_Connection = 4\n" + vault.stanza("ca.pem", "secret-id")
                + route(domain, peer)
                + "Domain \"" + domain + "\" { Outbound_SMTP_AUTH_Key = \"" + key + "\" }\n");
    }

    @After
    public void close() {
        peer.close();
        vault.close();
    }

    private Load mailFlows() throws Exception {
        return Load.on(instance::listenerPort, new Destination(domain, peer, "carol", "PLAIN"))
                .awaitArrivals(5);
    }

    private void nothingFailedSince(Map<String, Long> before) {
        Map<String, Long> now = instance.engine().counters();
        for (String name : List.of("deferred", "failed", "possible_duplicates")) {
            assertEquals(name, before.getOrDefault(name, 0L), now.getOrDefault(name, 0L));
        }
        assertEquals("refused logins", 0, peer.failedLogins());
    }

    private static void inTime(Duration longest) {
        assertTrue("the longest delay was " + longest, longest.compareTo(GRACE) < 0);
    }

    @Test
    public void aPasswordIsRotatedWhileThePeerTakesBothAndThenOnlyTheNewOne() throws Exception {
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows()) {
            String rotated = canaries.plant("rotated password");
            accounts.allow(rotated);
            vault.put(key, "carol", rotated);
            eventually(() -> accounts.wasShown(rotated));
            load.awaitArrivals(20);
            accounts.refuse(password);
            load.awaitArrivals(20);
            inTime(load.stop().settle());
        }
        nothingFailedSince(before);
        canaries.assertAbsentFrom("what the relay says of itself", instance.reasons());
        Files.delete(instance.directory().resolve("secret-id"));
        canaries.assertAbsentFrom(instance.directory());
    }

    @Test
    public void theStoreIsUpdatedAndItsTokensAreRevokedWhileMessagesResolveByKey() throws Exception {
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows()) {
            for (int i = 0; i < 5; i++) {
                instance.update(STORE);
                load.awaitArrivals(5);
                vault.revokeTokens();
                load.awaitArrivals(5);
            }
            inTime(load.stop().settle());
        }
        nothingFailedSince(before);
    }

    @Test
    public void aNewPasswordIsTriedAtOnceAfterTheOldOneWasRefused() throws Exception {
        String rotated = canaries.plant("rotated password");
        accounts.allow(rotated);
        accounts.refuse(password);
        instance.send("s@example.org", "r@" + domain, "Subject: waits\r\n\r\n");
        eventually(() -> peer.failedLogins() > 0);
        vault.put(key, "carol", rotated);
        eventually(() -> peer.messageCount() == 1);
        assertEquals("failed", 0L, (long) instance.engine().counters().getOrDefault("failed", 0L));
    }

    @Test
    public void mailForASealedServerWaitsAndGoesOutOnceItIsUnsealed() throws Exception {
        vault.seal(true);
        instance.send("s@example.org", "r@" + domain, "Subject: waits\r\n\r\n");
        eventually(() -> instance.reasons().contains("is sealed"));
        assertEquals("messages at the peer", 0, peer.messageCount());
        vault.seal(false);
        eventually(() -> peer.messageCount() == 1);
        assertEquals("failed", 0L, (long) instance.engine().counters().getOrDefault("failed", 0L));
        assertEquals("refused logins", 0, peer.failedLogins());
    }
}
