// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.route;
import static org.postern.itests.LiveSecret.permissions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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
import org.sqlite.SQLiteDataSource;

/**
 * Mail for eight accounts in all stores, while the stores are stopped, started and replaced, their order changes and
 * accounts move from one store to another: nobody who sends or receives mail can tell.
 *
 * <p>{@code -Dpostern.swaps=1000} has as many changes in place of the few that fit into a build.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapStormIT {

    private static final int PEERS = 8;
    private static final int SWAPS = Integer.getInteger("postern.swaps", 60);

    /** What the engine waits for something that is being replaced, and a little for a busy machine. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    private static final List<String> STORES = List.of("vault", "file", "jdbc", "hashicorp", "oauth");

    /** By a password, and by an access token. */
    private static final Set<String> MECHANISMS = Set.of("PLAIN", "XOAUTH2");

    @Inject
    private BundleContext context;

    private final Random random = new Random(20_261_127);
    private final List<MailPeer> peers = new ArrayList<>();
    private final OldLoaders loaders = new OldLoaders();

    /** The store that each account is taken from at present. */
    private final List<String> homes = new ArrayList<>();

    private List<String> order = STORES;
    private Instance instance;
    private VaultService vault;
    private TokenProvider provider;
    private String stanzas;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void everyStoreHasEveryAccount() throws Exception {
        instance = new Instance(context);
        stanzas = instance.vault() + files() + table() + service() + tokens();
        for (int i = 0; i < PEERS; i++) {
            peers.add(instance.peer(MECHANISMS, user(i), secret(i)));
            instance.vaultSet("key" + i, user(i), secret(i));
            homes.add(STORES.get(i % STORES.size()));
        }
        reload();
    }

    @After
    public void close() {
        peers.forEach(MailPeer::close);
        vault.close();
        provider.close();
    }

    private static String user(int i) {
        return "user" + i;
    }

    /** A password, and for an identity provider the access token. */
    private static String secret(int i) {
        return Canaries.MARKER + "-number-" + i;
    }

    private String files() throws Exception {
        Path folder = Files.createDirectory(instance.directory().resolve("secrets"), permissions("rwx------"));
        for (int i = 0; i < PEERS; i++) {
            write(folder.resolve("key" + i), secret(i));
            write(folder.resolve("key" + i + ".user"), user(i));
        }
        return "Credential_File { Directory = \"secrets\" }\n";
    }

    private static void write(Path file, String content) throws Exception {
        Files.writeString(Files.createFile(file, permissions("rw-------")), content);
    }

    private String table() throws Exception {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:"
                + Files.createFile(instance.directory().resolve("accounts.db"), permissions("rw-------")));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE accounts (name TEXT PRIMARY KEY, login TEXT, secret TEXT)");
            for (int i = 0; i < PEERS; i++) {
                statement.execute(
                        "INSERT INTO accounts VALUES ('key" + i + "', '" + user(i) + "', '" + secret(i) + "')");
            }
        }
        return "Credential_JDBC \"accounts\" { URL = \"" + database.getUrl()
                + "\" Query = \"SELECT login AS username, secret AS password FROM accounts WHERE name = :key\" }\n";
    }

    private String service() throws Exception {
        String secretId = Canaries.MARKER + "-secret-id";
        write(instance.directory().resolve("secret-id"), secretId);
        vault = new VaultService(instance.tlsServer(), secretId);
        for (int i = 0; i < PEERS; i++) {
            vault.put("key" + i, user(i), secret(i));
        }
        return vault.stanza("ca.pem", "secret-id");
    }

    private String tokens() throws Exception {
        provider = new TokenProvider(UnaryOperator.identity(), token -> {});
        provider.applicationSecret(instance);
        StringBuilder accounts = new StringBuilder("Credential_OAuth {\n");
        for (int i = 0; i < PEERS; i++) {
            accounts.append(provider.application("key" + i, user(i), secret(i)));
        }
        return accounts.append("}\n").toString();
    }

    /** Half of the accounts by reference, half by key and the order of stores. */
    private void reload() throws Exception {
        StringBuilder text = new StringBuilder("Max_Deliveries_Per_Connection = 4\n" + stanzas + "Credential_Stores = ("
                + String.join(
                        " ", order.stream().map(name -> "\"" + name + "\"").toList()) + ")\n");
        for (int i = 0; i < PEERS; i++) {
            text.append(route(domain(i), peers.get(i)))
                    .append("Domain \"" + domain(i) + "\" { Outbound_SMTP_AUTH_")
                    .append(i % 2 == 0 ? "Pass = \"" + homes.get(i) + ":key" + i + "\"" : "Key = \"key" + i + "\"")
                    .append(" }\n");
        }
        instance.configure(text.toString());
    }

    private static String domain(int i) {
        return "d" + i + ".example";
    }

    @Test
    public void nobodyNoticesAThousandChangesOfStores() throws Exception {
        Map<String, Long> before = instance.engine().counters();
        try (Load load = mailFlows().awaitArrivals(2)) {
            Map<String, Integer> threads = LiveThreads.ofPostern(instance.directory());
            for (int i = 0; i < SWAPS; i++) {
                change();
                if (i % 20 == 19) {
                    load.awaitArrivals(1);
                }
            }
            load.awaitArrivals(2);
            Duration longest = load.stop().settle();
            System.out.printf(
                    "%d changes of stores, %d messages, the longest delay %d ms%n",
                    SWAPS, load.acceptedCount(), longest.toMillis());
            assertTrue("the longest delay was " + longest, longest.compareTo(GRACE) < 0);
            eventually(() -> more(threads).isEmpty(), () -> "threads left behind: " + more(threads));
        }
        nothingFailedSince(before);
        eventually(() -> loaders.left().isEmpty(), () -> "class loaders left behind: " + loaders.left());
    }

    /** What there is more of than before; a few come and go with the mail. */
    private Map<String, Integer> more(Map<String, Integer> before) {
        Map<String, Integer> now = new TreeMap<>(LiveThreads.ofPostern(instance.directory()));
        now.entrySet().removeIf(each -> each.getValue() <= Math.max(PEERS, before.getOrDefault(each.getKey(), 0)));
        return now;
    }

    private Load mailFlows() {
        Destination[] destinations = new Destination[PEERS];
        for (int i = 0; i < PEERS; i++) {
            destinations[i] = new Destination(domain(i), peers.get(i), user(i), MECHANISMS);
        }
        return Load.on(instance::listenerPort, Duration.ofMillis(5), destinations);
    }

    private void change() throws Exception {
        String bundle = "org.postern.credential." + STORES.get(random.nextInt(STORES.size()));
        switch (random.nextInt(4)) {
            case 0 -> {
                instance.bundle(bundle).stop();
                instance.bundle(bundle).start();
            }
            case 1 -> {
                loaders.remember(instance.bundle(bundle));
                instance.update(bundle);
            }
            case 2 -> {
                List<String> shuffled = new ArrayList<>(STORES);
                Collections.shuffle(shuffled, random);
                order = shuffled;
                reload();
            }
            default -> {
                homes.set(random.nextInt(PEERS), STORES.get(random.nextInt(STORES.size())));
                reload();
            }
        }
    }

    private void nothingFailedSince(Map<String, Long> before) {
        Map<String, Long> now = instance.engine().counters();
        for (String name : List.of("deferred", "failed", "possible_duplicates")) {
            assertEquals(name, before.getOrDefault(name, 0L), now.getOrDefault(name, 0L));
        }
        for (MailPeer peer : peers) {
            assertEquals("refused logins", 0, peer.failedLogins());
        }
    }
}
