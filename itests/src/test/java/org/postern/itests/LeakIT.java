// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertFalse;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;

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
import org.osgi.framework.BundleContext;
import org.postern.peer.MailPeer;

/** A relay whose bundles are replaced day after day keeps nothing of the old ones: no class loader and no thread. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LeakIT {

    private static final int MANY = 100;
    private static final int SOME = 20;

    @Inject
    private BundleContext context;

    private OldLoaders loaders;
    private Instance instance;
    private MailPeer plain;
    private MailPeer login;
    private MailPeer carol;
    private Map<String, Integer> threads;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void deliverOnceByEachMechanism() throws Exception {
        instance = new Instance(context);
        plain = instance.peer("PLAIN", "alice", "wonderland");
        login = instance.peer("LOGIN", "bob", "builder");
        carol = instance.peer("PLAIN", "carol", "wonderland");
        String vault = instance.vault();
        instance.vaultSet("plain-key", "alice", "wonderland");
        instance.vaultSet("login-key", "bob", "builder");
        SecretVolume volume = new SecretVolume(instance);
        AccountTable table = new AccountTable(instance, false);
        for (LiveSecret secret : List.of(volume, table)) {
            secret.set("wonderland");
        }
        // Each message meets mechanism and store anew.
        instance.configure("Max_Deliveries_Per_Connection = 1\n" + vault + volume.stanza() + table.stanza()
                + route("file.example", carol)
                + volume.domain("file.example")
                + route("table.example", carol)
                + table.domain("table.example")
                + route("plain.example", plain)
                + "Domain \"plain.example\" { Outbound_SMTP_AUTH_Key = \"plain-key\" }\n"
                + route("login.example", login)
                + "Domain \"login.example\" { Outbound_SMTP_AUTH_Key = \"login-key\" }\n");
        deliver();
    }

    @After
    public void close() {
        plain.close();
        login.close();
        carol.close();
    }

    private void deliver() throws Exception {
        long plainBefore = plain.messageCount();
        long loginBefore = login.messageCount();
        long carolBefore = carol.messageCount();
        try (Courier courier = new Courier(instance.listenerPort())) {
            courier.send(
                    "s@example.org",
                    List.of("x@plain.example", "y@login.example", "z@file.example", "z@table.example"),
                    new byte[] {'x', '\r', '\n'});
        }
        eventually(() -> plain.messageCount() > plainBefore
                && login.messageCount() > loginBefore
                && carol.messageCount() > carolBefore + 1);
    }

    @Test
    public void updatesOfAMechanismLeaveNothingBehind() throws Exception {
        leavesNothing("org.postern.auth.plain", MANY);
        leavesNothing("org.postern.auth.login", MANY);
    }

    @Test
    public void updatesOfTheVaultLeaveNothingBehind() throws Exception {
        leavesNothing("org.postern.credential.vault", MANY);
    }

    @Test
    public void updatesOfStoresThatReadWhatOthersWriteLeaveNothingBehind() throws Exception {
        leavesNothing("org.postern.credential.file", SOME);
        leavesNothing("org.postern.credential.jdbc", SOME);
    }

    @Test
    public void updatesOfTheConfigurationLeaveNothingBehind() throws Exception {
        leavesNothing("org.postern.config.store", SOME);
    }

    @Test
    public void updatesOfTheListenerLeaveNothingBehind() throws Exception {
        leavesNothing("org.postern.intake.smtp", SOME);
    }

    @Test
    public void updatesOfTheSpoolLeaveNothingBehind() throws Exception {
        leavesNothing("org.postern.spool.local", SOME);
    }

    private void leavesNothing(String bundle, int updates) throws Exception {
        loaders = new OldLoaders();
        updateAndDeliver(bundle);
        threads = LiveThreads.ofPostern(instance.directory());
        assertFalse("Postern has threads", threads.isEmpty());
        for (int i = 1; i < updates; i++) {
            updateAndDeliver(bundle);
        }
        eventually(() -> loaders.left().isEmpty(), () -> "class loaders left behind: " + loaders.left());
        eventually(this::noThreadIsLeft);
    }

    // The count before may have caught a session on its way out, so there may be fewer now.
    private boolean noThreadIsLeft() {
        return LiveThreads.ofPostern(instance.directory()).entrySet().stream()
                .allMatch(now -> now.getValue() <= threads.getOrDefault(now.getKey(), 0));
    }

    private void updateAndDeliver(String bundle) throws Exception {
        loaders.remember(instance.bundle(bundle));
        instance.update(bundle);
        deliver();
    }
}
