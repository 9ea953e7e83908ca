// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.spool.Spool;
import org.postern.testkit.database.PostgresqlServer;

/** When a process has a spool and when it has none. */
@Timeout(300)
class MembershipTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String EXPIRES = "SELECT extract(epoch FROM expires)::bigint FROM postern_node";

    @RegisterExtension
    static final Databases DATABASES = new Databases();

    private final List<Spool> offered = new CopyOnWriteArrayList<>();
    private final List<Optional<SharedRegisters>> shared = new CopyOnWriteArrayList<>();
    private final List<Spool> takenBack = new CopyOnWriteArrayList<>();

    private AutoCloseable offer(Spool spool, Optional<SharedRegisters> registers) {
        offered.add(spool);
        shared.add(registers);
        return () -> takenBack.add(spool);
    }

    private Membership member(String database) {
        Membership member = new Membership(
                DATABASES.options(database, Duration.ofSeconds(5), 10),
                Databases.environment(),
                InstantSource.system(),
                this::offer);
        member.start();
        return member;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private void hasOffered(int spools) {
        await().atMost(PATIENCE).until(() -> offered.size() == spools);
    }

    @Test
    void offersASpoolForAsLongAsItIsAMember() throws Exception {
        String database = DATABASES.make();
        try (Membership member = member(database)) {
            hasOffered(1);
            assertThat(takenBack).isEmpty();
            assertThat(member).isNotNull();
        }
        assertThat(takenBack).isEqualTo(offered);
        assertThat(DATABASES.count(database, "SELECT count(*) FROM postern_node WHERE NOT gone"))
                .isZero();
    }

    @Test
    void offersRegistersWhereNodesShareAKeyAndNoSpoolWhereTheKeyIsBad(@TempDir Path folder) throws Exception {
        String database = DATABASES.make();
        Path key = Files.writeString(folder.resolve("key"), "short\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        SpoolOptions options = DATABASES.options(database, Duration.ofSeconds(5), 10, key);
        try (Membership member =
                new Membership(options, Databases.environment(), InstantSource.system(), this::offer)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> ClusterKey.read(key))
                    .withMessageContaining("Cluster_Key_File " + key)
                    .withMessageContaining("openssl rand");
            member.start();
            await().atMost(PATIENCE)
                    .until(() ->
                            DATABASES.count(database, "SELECT count(*) FROM pg_class WHERE relname = 'postern_node'")
                                    > 0);
            assertThat(offered).isEmpty();
            Files.writeString(key, "a key that is long enough for everybody\n");
            hasOffered(1);
        }
        assertThat(shared).singleElement().satisfies(one -> assertThat(one).isPresent());
    }

    @Test
    void beginsAnewWithAnotherSpoolWhenOthersHaveCalledItGone() throws Exception {
        String database = DATABASES.make();
        try (Membership member = member(database)) {
            assertThat(member).isNotNull();
            hasOffered(1);
            DATABASES.execute(database, "UPDATE postern_node SET gone = true");
            hasOffered(2);
            assertThat(takenBack).containsExactly(offered.getFirst());
            assertThat(offered.getLast()).isNotSameAs(offered.getFirst());
        }
    }

    @Test
    void keepsItsSpoolWhileTheDatabaseIsAwayForAMoment() throws Exception {
        String database = DATABASES.make();
        try (Membership member = member(database)) {
            assertThat(member).isNotNull();
            hasOffered(1);
            DATABASES.server().kill();
            DATABASES.server().start();
            Spool spool = offered.getFirst();
            await().atMost(PATIENCE).until(() -> spool.remainingCapacity() > 0);
            assertThat(takenBack).isEmpty();
        }
    }

    @Test
    void waitsForADatabaseThatIsNotThereYet() throws Exception {
        String database = "comes_later";
        try (Membership member = member(database)) {
            assertThat(member).isNotNull();
            DATABASES.execute("postgres", "CREATE DATABASE " + database);
            hasOffered(1);
        }
    }

    @Test
    void followsAStanzaThatSaysSomethingElseAndNoOther() throws Exception {
        Map<String, Object> first = Map.of(
                "url",
                DATABASES.server().url(DATABASES.make()),
                "user",
                PostgresqlServer.USER,
                "password_env",
                "DB_PASSWORD");
        Map<String, Object> second = new HashMap<>(first);
        second.put("max_held", "7");
        SpoolPostgresql component = new SpoolPostgresql(first, Databases.environment(), this::offer);
        try {
            hasOffered(1);
            component.modified(new HashMap<>(first));
            component.modified(Map.of());
            assertThat(takenBack).isEmpty();
            component.modified(second);
            assertThat(takenBack).hasSize(1);
            hasOffered(2);
        } finally {
            component.close();
        }
        assertThat(takenBack).isEqualTo(offered);
    }

    @Test
    void staysAMemberThoughTheEngineTakesItsTimeToBegin() throws Exception {
        String database = DATABASES.make();
        CountDownLatch begun = new CountDownLatch(1);
        Membership.Offering slow = (spool, registers) -> {
            AutoCloseable offer = offer(spool, registers);
            awaitUninterrupted(begun);
            return offer;
        };
        SpoolOptions options = DATABASES.options(database, Duration.ofSeconds(5), 10);
        try (Membership member = new Membership(options, Databases.environment(), InstantSource.system(), slow)) {
            member.start();
            hasOffered(1);
            long first = DATABASES.count(database, EXPIRES);
            await().atMost(PATIENCE).until(() -> DATABASES.count(database, EXPIRES) > first + 6);
            begun.countDown();
            offered.getFirst().recover(message -> {});
        } finally {
            begun.countDown();
        }
        assertThat(offered).hasSize(1);
    }

    @Test
    void offersAnotherSpoolIfTheEngineCouldNotReadTheOne() throws Exception {
        String database = DATABASES.make();
        try (Membership member = member(database)) {
            assertThat(member).isNotNull();
            hasOffered(1);
            DATABASES.server().kill();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> offered.getFirst().recover(message -> {}));
            DATABASES.server().start();
            hasOffered(2);
            offered.getLast().recover(message -> {});
            assertThat(takenBack).containsExactly(offered.getFirst());
        }
    }
}
