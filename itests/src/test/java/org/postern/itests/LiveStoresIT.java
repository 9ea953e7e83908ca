// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;

import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import javax.sql.DataSource;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.postern.itests.Load.Destination;
import org.postern.peer.MailPeer;
import org.postern.testkit.Canaries;

/** Passwords in files and in a table that others write: changed, and their stores replaced, while mail flows. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LiveStoresIT {

    private static final String FILE = "org.postern.credential.file";
    private static final String JDBC = "org.postern.credential.jdbc";

    /** What the engine waits for a store that is being replaced, and a little for a busy machine. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    private static final String OLD = Canaries.MARKER + " the old one";
    private static final String NEW = Canaries.MARKER + " the new one";

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
    public void aPasswordInAMountedVolumeIsRotatedWhileMailFlows() throws Exception {
        rotate(new SecretVolume(instance), FILE);
    }

    @Test
    public void aPasswordInATableIsRotatedWhileMailFlows() throws Exception {
        rotate(new AccountTable(instance, false), JDBC);
    }

    @Test
    public void aPasswordBehindTheDataSourceOfAnotherBundleIsRotatedWhileMailFlows() throws Exception {
        AccountTable table = new AccountTable(instance, true);
        ServiceRegistration<DataSource> offer = context.registerService(
                DataSource.class,
                table.database(),
                new Hashtable<>(Map.of("osgi.jndi.service.name", AccountTable.SERVICE)));
        try {
            rotate(table, JDBC);
        } finally {
            offer.unregister();
        }
    }

    private void rotate(LiveSecret secret, String bundle) throws Exception {
        TwoPasswords accounts = new TwoPasswords("carol", OLD);
        secret.set(OLD);
        try (MailPeer peer = instance.peer(accounts)) {
            instance.configure("Max_Deliveries_Per_Connection = 4\n" + secret.stanza() + route("live.example", peer)
                    + secret.domain("live.example"));
            Map<String, Long> before = instance.engine().counters();
            try (Load load = Load.on(instance::listenerPort, new Destination("live.example", peer, "carol", "PLAIN"))
                    .awaitArrivals(5)) {
                for (int i = 0; i < 3; i++) {
                    instance.update(bundle);
                    load.awaitArrivals(5);
                }
                accounts.allow(NEW);
                secret.set(NEW);
                eventually(() -> accounts.wasShown(NEW));
                load.awaitArrivals(20);
                accounts.refuse(OLD);
                load.awaitArrivals(20);
                instance.update(bundle);
                load.awaitArrivals(5);
                Duration longest = load.stop().settle();
                assertTrue("the longest delay was " + longest, longest.compareTo(GRACE) < 0);
            }
            assertEquals("refused logins", 0, peer.failedLogins());
            Map<String, Long> now = instance.engine().counters();
            for (String name : List.of("deferred", "failed", "possible_duplicates")) {
                assertEquals(name, before.getOrDefault(name, 0L), now.getOrDefault(name, 0L));
            }
        }
    }

    @Test
    public void aDatabaseServerThatIsDownHoldsTheMailThatNeedsItAndSaysSo() throws Exception {
        try (MailPeer peer = instance.peer("PLAIN", "alice", "wonderland")) {
            instance.configure(route("down.example", peer) + """
                    Credential_JDBC "down" {
                      URL = "jdbc:postgresql://127.0.0.1:1/mail"
                      Query_Timeout = 1
                      Query = "SELECT login AS username, secret AS password FROM accounts WHERE name = :key"
                    }
                    Domain "down.example" { Outbound_SMTP_AUTH_Key = "down/relay-1" }
                    """);
            instance.send("s@example.org", "x@down.example", "Subject: waits\r\n\r\n");
            // The driver's own words: it is there, and was found without DriverManager.
            eventually(() -> instance.reasons().contains("Connection to 127.0.0.1:1 refused"));
            assertEquals(0, peer.messageCount());
            assertEquals(
                    0, instance.engine().counters().getOrDefault("failed", 0L).longValue());
        }
    }
}
