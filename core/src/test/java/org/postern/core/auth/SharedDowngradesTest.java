// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.TestClock;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;

/** Whether relays that share a queue remember together which mechanisms have worked. */
class SharedDowngradesTest {

    private static final InstalledMechanism SCRAM = mechanism("SCRAM-SHA-256");
    private static final InstalledMechanism OLDER = mechanism("SCRAM-SHA-1");
    private static final Endpoint HOST = new Endpoint("mx.example", 587);
    private static final Endpoint OTHER_PORT = new Endpoint("mx.example", 25);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path states;

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);
    private Relay here;
    private Relay there;

    /** A relay whose clock is ahead by so much. */
    private final class Relay {

        final Path state;
        final Clock own;
        DowngradeMemory memory;
        Cluster cluster;

        Relay(String name, Duration ahead) throws IOException {
            state = Files.createDirectories(states.resolve(name));
            own = Clock.offset(clock, ahead);
            start();
        }

        void start() {
            cluster = new Cluster(Optional.of(registers), own);
            memory = new DowngradeMemory(own, Optional.of(new DowngradeFile(state)), cluster);
            cluster.look();
        }

        void restart() {
            cluster.close();
            memory.close();
            start();
        }

        void logsIn(String user, Endpoint host, InstalledMechanism mechanism) {
            memory.worked(identity(user), host, mechanism);
        }

        void logsIn() {
            logsIn("alice", HOST, SCRAM);
        }

        Optional<ProvenMechanism> knows(String user, Endpoint host) {
            return memory.find(identity(user), host);
        }

        boolean knows() {
            return knows("alice", HOST).isPresent();
        }

        /** A second goes by: whether mail that was held is tried again. */
        boolean second() {
            cluster.look();
            return memory.catchUp();
        }

        boolean accepts(String host, Optional<Integer> port) throws IOException {
            new DowngradeFile(state).accept(host, port);
            return memory.catchUp();
        }

        boolean accepts() throws IOException {
            return accepts(HOST.host(), Optional.of(HOST.port()));
        }

        List<String> kept() throws IOException {
            return new DowngradeFile(state)
                    .read().stream().map(ProvenMechanism::user).toList();
        }
    }

    private static InstalledMechanism mechanism(String name) {
        return new InstalledMechanism(name, 88, false, Set.of("password"), "test 1.0.0", 1);
    }

    private static AuthIdentity identity(String user) {
        return new AuthIdentity(user, Optional.empty(), "vault:relay", new CredentialVersion("any"));
    }

    @BeforeEach
    void start() throws IOException {
        here = new Relay("here", Duration.ZERO);
        there = new Relay("there", Duration.ofHours(-3));
    }

    private void second() {
        here.second();
        there.second();
    }

    private int askedBy(Runnable work) {
        int before = registers.asked();
        work.run();
        return registers.asked() - before;
    }

    private List<String> names() throws IOException {
        Changes all = registers.changes(Set.of(SharedDowngrades.TOPIC), SharedRegisters.BEGINNING);
        return all.registers().stream().map(register -> register.name()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "", "a b", "a/b", "j\u00FCrgen", "x\ny\tz\0", "\uD83D\uDD11%20+", "-"})
    void whatWorkedOnOneRelayCountsOnAllWhateverTheUserIsCalled(String user) throws IOException {
        here.logsIn(user, HOST, SCRAM);
        second();
        assertThat(there.knows(user, HOST)).isPresent().isEqualTo(here.knows(user, HOST));
        assertThat(there.knows(user, OTHER_PORT)).isEmpty();
        assertThat(there.kept()).containsExactly(user);
        assertThat(there.second()).as("nothing to try again").isFalse();
    }

    @Test
    void whoeverComesLaterHearsOfItAtTheFirstLook() throws IOException {
        here.logsIn();
        here.second();
        assertThat(new Relay("later", Duration.ofDays(1000)).knows()).isTrue();
    }

    @Test
    void onlyWhatIsNewIsTold() {
        here.logsIn();
        second();
        assertThat(askedBy(() -> {
                    here.logsIn();
                    there.logsIn();
                    second();
                }))
                .as("two looks")
                .isEqualTo(2);
    }

    @Test
    void aLoginAsksNobody() {
        assertThat(askedBy(here::logsIn)).isZero();
    }

    @Test
    void relaysThatBothLearnItAtOnceKnowIt() throws IOException {
        here.logsIn();
        there.logsIn("alice", HOST, OLDER);
        second();
        second();
        assertThat(here.knows() && there.knows()).isTrue();
        assertThat(names()).hasSize(1);
    }

    @Test
    void anotherMechanismIsToldButRelaysThatDifferDoNotGoOnForEver() {
        here.logsIn();
        second();
        clock.pass(DAY);
        there.logsIn("alice", HOST, OLDER);
        there.second();
        here.second();
        assertThat(here.knows("alice", HOST).orElseThrow().mechanism()).isEqualTo("SCRAM-SHA-1");
        assertThat(askedBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        here.logsIn();
                        there.logsIn("alice", HOST, OLDER);
                        second();
                    }
                }))
                .as("two looks a round")
                .isEqualTo(200);
        clock.pass(Duration.ofHours(2));
        here.logsIn();
        second();
        assertThat(there.knows("alice", HOST).orElseThrow().mechanism()).isEqualTo("SCRAM-SHA-256");
    }

    @Test
    void whatAHostOffersNowIsEachRelaysOwn() {
        here.logsIn();
        second();
        there.memory.refused(there.knows("alice", HOST).orElseThrow(), "PLAIN", "reason");
        clock.pass(DAY);
        here.logsIn("alice", HOST, OLDER);
        second();
        second();
        assertThat(there.knows("alice", HOST).orElseThrow().refusal()).isPresent();
        assertThat(there.knows("alice", HOST).orElseThrow().mechanism()).isEqualTo("SCRAM-SHA-1");
        assertThat(here.knows("alice", HOST).orElseThrow().refusal()).isEmpty();
    }

    @Test
    void aStorageThatIsAwayOpensNothingAndHearsAllAfterwards() {
        here.logsIn();
        second();
        registers.away(true);
        second();
        there.restart();
        assertThat(there.knows()).isTrue();
        here.logsIn("bob", HOST, SCRAM);
        second();
        assertThat(there.knows("bob", HOST)).isEmpty();
        registers.away(false);
        second();
        second();
        assertThat(there.knows("bob", HOST)).isPresent();
    }

    @Test
    void aConsentOnOneRelayHoldsForAllAndTheirMailIsTriedAgain() throws IOException {
        here.logsIn();
        here.logsIn("bob", HOST, SCRAM);
        second();
        assertThat(here.accepts()).isTrue();
        assertThat(here.second()).as("once").isFalse();
        assertThat(there.second()).isTrue();
        assertThat(there.second()).as("once").isFalse();
        assertThat(there.knows() || there.knows("bob", HOST).isPresent()).isFalse();
        assertThat(there.kept()).isEmpty();
        there.restart();
        assertThat(there.knows()).isFalse();
        assertThat(new Relay("later", Duration.ZERO).knows()).isFalse();
    }

    @Test
    void aConsentHoldsForTheHostAndPortsThatItNames() throws IOException {
        Endpoint other = new Endpoint("other.example", 587);
        for (Endpoint host : List.of(HOST, OTHER_PORT, other)) {
            here.logsIn("alice", host, SCRAM);
        }
        second();
        there.accepts("MX.example", Optional.of(587));
        second();
        second();
        assertThat(here.knows()).isFalse();
        assertThat(here.knows("alice", OTHER_PORT)).isPresent();
        there.accepts("mx.example", Optional.empty());
        second();
        second();
        assertThat(here.knows("alice", OTHER_PORT)).isEmpty();
        assertThat(here.knows("alice", other)).isPresent();
    }

    @Test
    void aConsentHoldsForWhatOnlyOthersKnow() throws IOException {
        there.logsIn();
        assertThat(here.accepts()).as("nothing to try again here").isFalse();
        here.second();
        assertThat(there.second()).isTrue();
        second();
        assertThat(here.knows() || there.knows()).isFalse();
    }

    @Test
    void whatWorksAfterAConsentCountsAgain() throws IOException {
        here.logsIn();
        second();
        here.accepts();
        second();
        there.logsIn();
        second();
        second();
        assertThat(here.knows() && there.knows()).isTrue();
        assertThat(new Relay("later", Duration.ZERO).knows()).isTrue();
        assertThat(here.second() || there.second()).isFalse();
    }

    @Test
    void whatWorkedOnARelayThatHadNotHeardOfTheConsentDoesNotCount() throws IOException {
        here.logsIn();
        second();
        here.accepts();
        there.logsIn("bob", HOST, SCRAM);
        there.second();
        second();
        second();
        assertThat(here.knows("bob", HOST)).isEmpty();
        assertThat(there.knows("bob", HOST)).isEmpty();
        there.logsIn("bob", HOST, SCRAM);
        second();
        second();
        assertThat(here.knows("bob", HOST)).isPresent();
    }

    @Test
    void aConsentIsTakenUpTogetherWithWhatHasWorkedSince() throws IOException {
        here.logsIn();
        second();
        there.memory.refused(there.knows("alice", HOST).orElseThrow(), "PLAIN", "reason");
        here.accepts();
        here.second();
        here.logsIn();
        here.second();
        assertThat(there.second()).as("nothing to try again").isFalse();
        assertThat(there.knows("alice", HOST).orElseThrow().refusal()).isPresent();
    }

    @Test
    void consentsOfBothAtOnceHold() throws IOException {
        here.logsIn();
        second();
        here.accepts();
        there.accepts();
        for (int i = 0; i < 4; i++) {
            second();
        }
        assertThat(here.knows() || there.knows()).isFalse();
        here.logsIn();
        second();
        second();
        assertThat(there.knows()).isTrue();
        there.accepts();
        second();
        second();
        assertThat(here.knows()).isFalse();
        assertThat(askedBy(this::second)).as("all is told").isEqualTo(2);
    }

    @Test
    void aConsentThatWasGivenWhileTheStorageWasAwayIsToldAfterwards() throws IOException {
        here.logsIn();
        second();
        registers.away(true);
        second();
        assertThat(here.accepts()).isTrue();
        second();
        assertThat(there.knows()).isTrue();
        registers.away(false);
        here.second();
        assertThat(here.knows()).as("the others' word is older").isFalse();
        assertThat(there.second()).isTrue();
        assertThat(there.knows()).isFalse();
    }

    @Test
    void whatWasLearnedBeforeAConsentIsNotToldAfterIt() throws IOException {
        here.logsIn();
        here.accepts();
        here.second();
        assertThat(names()).singleElement().asString().startsWith("accepted");
    }

    @Test
    void aConsentOutlivesARestartBeforeItIsTold() throws IOException {
        here.logsIn();
        second();
        registers.away(true);
        here.accepts();
        here.restart();
        here.second();
        registers.away(false);
        here.second();
        there.second();
        there.second();
        assertThat(here.knows() || there.knows()).isFalse();
        try (Stream<Path> files = Files.list(here.state)) {
            assertThat(files).noneMatch(file -> file.toString().contains("accepted"));
        }
    }

    @Test
    void aRelayThatWasAloneTellsWhatItRemembers() throws IOException {
        Path state = Files.createDirectories(states.resolve("joining"));
        DowngradeMemory alone = new DowngradeMemory(clock, Optional.of(new DowngradeFile(state)), Cluster.alone());
        for (int i = 0; i < 250; i++) {
            alone.worked(identity("user" + i), HOST, SCRAM);
        }
        alone.close();
        here.logsIn("user7", HOST, SCRAM);
        here.second();
        Relay joining = new Relay("joining", Duration.ZERO);
        assertThat(names()).as("by and by").hasSizeLessThan(150);
        joining.second();
        joining.second();
        second();
        assertThat(here.kept()).hasSize(250);
        assertThat(askedBy(joining::second)).as("all is told").isOne();
    }

    @Test
    void aRelayThatWasAwayHearsOfConsentsAtItsFirstLook() throws IOException {
        here.logsIn();
        second();
        here.accepts();
        here.second();
        here.logsIn("bob", HOST, SCRAM);
        here.second();
        there.restart();
        assertThat(there.knows()).isFalse();
        assertThat(there.knows("bob", HOST)).isPresent();
    }

    @Test
    void whatIsInUseIsToldAgainBeforeItEnds() throws IOException {
        here.logsIn();
        second();
        clock.pass(DAY.multipliedBy(39));
        assertThat(askedBy(() -> {
                    here.logsIn();
                    here.second();
                }))
                .as("a look")
                .isOne();
        clock.pass(DAY.multipliedBy(2));
        there.logsIn();
        second();
        clock.pass(DAY.multipliedBy(399));
        assertThat(names()).hasSize(1);
        clock.pass(DAY.multipliedBy(2));
        assertThat(names()).isEmpty();
        assertThat(here.knows()).as("what a relay has itself stays").isTrue();
        here.logsIn();
        here.second();
        here.second();
        assertThat(names()).hasSize(1);
    }

    @Test
    void aConsentCountsWhenThatBeforeHasEndedAndWhatWorkedSinceHasNot() throws IOException {
        here.logsIn();
        second();
        here.accepts();
        second();
        for (int i = 0; i < 5; i++) {
            clock.pass(DAY.multipliedBy(100));
            here.logsIn();
            second();
        }
        here.restart();
        there.restart();
        assertThat(here.knows() && there.knows()).isTrue();
        there.accepts();
        second();
        second();
        assertThat(here.knows() || there.knows()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "proven", "accepted mx.example 587 soon", "proven mx.example x a b c d e", "else %zz \0"})
    void aRegisterThatSaysSomethingElseIsLeftOutAndReplaced(String text) throws IOException {
        here.logsIn();
        here.second();
        String name = names().getFirst();
        Relay reader = new Relay("reader", Duration.ZERO);
        long revision =
                registers.read(SharedDowngrades.TOPIC, name).orElseThrow().revision();
        registers.put(SharedDowngrades.TOPIC, name, text.getBytes(StandardCharsets.UTF_8), revision, DAY);
        reader.second();
        assertThat(reader.knows()).isTrue();
        reader.logsIn();
        reader.second();
        there.second();
        assertThat(there.knows()).isTrue();
    }

    @Test
    void whatIsTooLongForARegisterStaysWithTheRelay() throws IOException {
        String user = "x".repeat(9_000);
        here.logsIn(user, HOST, SCRAM);
        here.logsIn();
        second();
        assertThat(here.knows(user, HOST)).isPresent();
        assertThat(names()).hasSize(1);
    }

    @Test
    void hasRoomForTenThousand() throws IOException {
        for (int i = 0; i < 10_050; i++) {
            here.logsIn("user" + i, HOST, SCRAM);
        }
        for (int i = 0; i < 101; i++) {
            here.cluster.look();
        }
        assertThat(names()).hasSize(10_000);
        there.second();
        assertThat(there.kept()).hasSize(10_000);
        assertThat(askedBy(here::second)).as("all is told").isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void relaysThatHearOneAnotherAgainKnowTheSame(long seed) throws IOException {
        Random random = new Random(seed);
        List<Relay> relays = List.of(here, there, new Relay("third", DAY));
        for (int i = 0; i < 400; i++) {
            Relay relay = relays.get(random.nextInt(relays.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> relay.logsIn("user" + random.nextInt(3), HOST, random.nextBoolean() ? SCRAM : OLDER);
                case 3 -> relay.accepts();
                case 4, 5 -> relay.second();
                case 6 -> registers.away(random.nextInt(3) == 0);
                default -> relay.restart();
            }
            clock.pass(Duration.ofMinutes(random.nextInt(90)));
        }
        registers.away(false);
        for (int i = 0; i < 5; i++) {
            relays.forEach(Relay::second);
        }
        List<List<String>> known = new ArrayList<>();
        for (Relay relay : relays) {
            known.add(relay.kept().stream().sorted().toList());
        }
        assertThat(known).containsOnly(known.getFirst());
    }
}
