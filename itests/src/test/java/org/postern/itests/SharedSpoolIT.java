// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.login;
import static org.postern.itests.Instance.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.postern.engine.EngineRuntime;
import org.postern.itests.Load.Destination;
import org.postern.peer.MailPeer;
import org.postern.spi.spool.Spool;
import org.postern.testkit.database.PostgresqlServer;

/** The spool in PostgreSQL in the container that ships: its bundle and its database come and go while mail flows. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SharedSpoolIT {

    private static final String SPOOL = "org.postern.spool.postgresql";

    private static final Duration LEASE = Duration.ofSeconds(5);

    /** Mail whose content could not be opened rests for a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Inject
    private BundleContext context;

    private Optional<PostgresqlServer> server = Optional.empty();
    private Optional<MailPeer> peer = Optional.empty();
    private Instance instance;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void open() throws Exception {
        assumeTrue(PostgresqlServer.MISSING, PostgresqlServer.isInstalled());
        server = Optional.of(PostgresqlServer.create());
        instance = new Instance(context, stanza());
        peer = Optional.of(instance.peer("PLAIN", "alice", "wonderland"));
        instance.configure("Max_Deliveries_Per_Connection = 4\n" + route("shared.example", peer())
                + login("shared.example", "PLAIN", "alice", "wonderland"));
        eventually(() -> nodes() == 1 && hasTheEngine(), () -> "no engine has the spool in PostgreSQL");
    }

    /** Whether there is an engine of after the spool, and no other spool is left. */
    private boolean hasTheEngine() {
        List<ServiceReference<Spool>> spools = List.copyOf(instance.references(Spool.class, null));
        List<ServiceReference<EngineRuntime>> engines = List.copyOf(instance.references(EngineRuntime.class, null));
        return spools.size() == 1
                && engines.size() == 1
                && instance.bundle(SPOOL).equals(spools.getFirst().getBundle())
                && number(engines.getFirst()) > number(spools.getFirst());
    }

    private static long number(ServiceReference<?> service) {
        return (Long) service.getProperty(Constants.SERVICE_ID);
    }

    @After
    public void close() {
        peer.ifPresent(MailPeer::close);
        server.ifPresent(PostgresqlServer::close);
    }

    private PostgresqlServer server() {
        return server.orElseThrow();
    }

    private MailPeer peer() {
        return peer.orElseThrow();
    }

    private String stanza() throws IOException {
        Path password = Path.of(context.getProperty("postern.conf")).resolveSibling("database-password");
        if (!Files.exists(password)) {
            Files.createFile(password, LiveSecret.permissions("rw-------"));
        }
        Files.writeString(password, PostgresqlServer.PASSWORD + "\n");
        return "Spool_PostgreSQL { URL = \"" + server().url() + "\" User = \"" + PostgresqlServer.USER
                + "\" Password_File = \"" + password + "\" Connections = 8 Lease = " + LEASE.toSeconds() + " }\n";
    }

    private long count(String rows) throws SQLException {
        try (Connection connection = server().connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + rows)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** Lives of this node so far; none where it has not made its tables. */
    private long nodes() throws SQLException {
        return count("pg_class WHERE relname = 'postern_node'") == 0 ? 0 : count("postern_node");
    }

    private Load mailFlows() {
        return Load.on(instance::listenerPort, new Destination("shared.example", peer(), "alice", "PLAIN"))
                .awaitArrivals(5);
    }

    private void nothingFailedAndNothingIsLeft() {
        Map<String, Long> counters = instance.engine().counters();
        for (String name : new String[] {"failed", "possible_duplicates"}) {
            assertEquals(name, 0, counters.getOrDefault(name, 0L).longValue());
        }
        eventually(() -> count("postern_message") == 0, () -> "messages are left in the database");
    }

    @Test
    public void itsBundleIsUpdatedAndStoppedWhileMailFlowsAndNothingIsLostOrComesTwice() throws Exception {
        int rounds = 3;
        try (Load load = mailFlows()) {
            for (int i = 0; i < rounds; i++) {
                instance.update(SPOOL);
                load.awaitArrivals(5);
                long refusals = load.refusals();
                instance.bundle(SPOOL).stop();
                eventually(() -> load.refusals() > refusals);
                assertEquals("nodes that have not left", 0, count("postern_node WHERE NOT gone"));
                instance.bundle(SPOOL).start();
                load.awaitArrivals(5);
            }
            load.stop().settle();
        }
        assertEquals("lives of the node", 1 + 2 * rounds, nodes());
        nothingFailedAndNothingIsLeft();
    }

    @Test
    public void itsDatabaseIsAwayForAWhileAndMailGoesOnByItself() throws Exception {
        EngineRuntime engine = instance.engine();
        try (Load load = mailFlows()) {
            server().kill();
            try {
                long began = System.nanoTime();
                while (System.nanoTime() - began < LEASE.multipliedBy(2).toNanos()) {
                    String reply = refusal();
                    assertTrue(reply, reply.contains(": 451 ") || reply.contains(": 452 "));
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            } finally {
                server().start();
            }
            load.awaitArrivals(20);
            load.stop().settle(PATIENCE);
        }
        assertSame("the engine goes on", engine, instance.engine());
        assertEquals("lives of the node", 1, nodes());
        nothingFailedAndNothingIsLeft();
    }

    /** What the listener says to somebody who hands a message in. */
    private String refusal() {
        try {
            instance.send("s@example.org", "x@shared.example", "Subject: refused\r\n\r\n");
            return "it was accepted";
        } catch (IOException refused) {
            return refused.getMessage();
        }
    }
}
