// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.TestClock;
import org.postern.core.cluster.Cluster;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;

class DowngradeMemoryTest {

    private static final InstalledMechanism SCRAM =
            new InstalledMechanism("SCRAM-SHA-256", 88, false, Set.of("password"), "test 1.0.0", 1);
    private static final Endpoint HOST = new Endpoint("mx.example", 587);

    @TempDir
    Path state;

    private final TestClock clock = new TestClock();
    private DowngradeFile file;
    private DowngradeMemory memory;

    @BeforeEach
    void begins() {
        file = new DowngradeFile(state);
        memory = restarted();
    }

    private DowngradeMemory restarted() {
        return new DowngradeMemory(clock, Optional.of(file), Cluster.alone());
    }

    private static AuthIdentity identity(String user, String version) {
        return new AuthIdentity(user, Optional.empty(), "vault:relay", new CredentialVersion(version));
    }

    private Optional<ProvenMechanism> known(DowngradeMemory of, String user) {
        return of.find(identity(user, "any"), HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "", "a b", "j\u00FCrgen", "x\ny\tz\0", "\uD83D\uDD11%20+", "-"})
    void outlivesARestartWhateverTheUserIsCalled(String user) {
        memory.worked(identity(user, "1"), HOST, SCRAM);
        memory.refused(known(memory, user).orElseThrow(), "LOGIN PLAIN", "reason");
        memory.catchUp();
        assertThat(known(restarted(), user)).isPresent().isEqualTo(known(memory, user));
    }

    @Test
    void knowsHostsPortsUsersAndSourcesApartAndNotVersions() {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        assertThat(memory.find(identity("alice", "2"), HOST)).isPresent();
        assertThat(memory.find(identity("bob", "1"), HOST)).isEmpty();
        assertThat(memory.find(identity("alice", "1"), new Endpoint("mx.example", 25)))
                .isEmpty();
        assertThat(memory.find(identity("alice", "1"), new Endpoint("other.example", 587)))
                .isEmpty();
        AuthIdentity elsewhere = new AuthIdentity("alice", Optional.empty(), "vault:other", new CredentialVersion("1"));
        assertThat(memory.find(elsewhere, HOST)).isEmpty();
    }

    @Test
    void writesOnlyWhatHasChanged() throws IOException {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        memory.catchUp();
        Path written = state.resolve("downgrades");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
                .isEqualTo("rw-------");
        Files.delete(written);
        memory.worked(identity("alice", "2"), HOST, SCRAM);
        memory.catchUp();
        assertThat(written).as("nothing was new").doesNotExist();
        try (var files = Files.list(state)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void forgetsAHostThatAnOperatorAgreesTo() throws IOException {
        Endpoint otherPort = new Endpoint("mx.example", 25);
        Endpoint other = new Endpoint("other.example", 587);
        for (Endpoint host : List.of(HOST, otherPort, other)) {
            memory.worked(identity("alice", "1"), host, SCRAM);
        }
        new DowngradeFile(state).accept("MX.example", Optional.of(587));
        assertThat(memory.catchUp()).isTrue();
        assertThat(known(memory, "alice")).isEmpty();
        assertThat(memory.find(identity("alice", "1"), otherPort)).isPresent();
        new DowngradeFile(state).accept("mx.example", Optional.empty());
        assertThat(memory.catchUp()).isTrue();
        assertThat(memory.find(identity("alice", "1"), otherPort)).isEmpty();
        assertThat(memory.find(identity("alice", "1"), other)).isPresent();
        assertThat(memory.catchUp()).as("once").isFalse();
        assertThat(known(restarted(), "alice")).isEmpty();
    }

    @Test
    void takesUpWhatWasAgreedWhileItWasDown() throws IOException {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        memory.catchUp();
        file.accept("mx.example", Optional.empty());
        DowngradeMemory later = restarted();
        assertThat(later.catchUp()).isTrue();
        assertThat(known(later, "alice")).isEmpty();
    }

    @Test
    void learnsAnewAfterwards() throws IOException {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        file.accept("mx.example", Optional.empty());
        memory.catchUp();
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        assertThat(known(memory, "alice")).isPresent();
    }

    @Test
    void forgetsARefusalWhenTheHostIsAsItWas() {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        memory.refused(known(memory, "alice").orElseThrow(), "PLAIN", "reason");
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        assertThat(known(memory, "alice").orElseThrow().refusal()).isEmpty();
    }

    @Test
    void keepsWhatCanBeReadOfADamagedFileAndTheFileItself() throws IOException {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        memory.worked(identity("bob", "1"), HOST, SCRAM);
        memory.catchUp();
        Path written = state.resolve("downgrades");
        String text = Files.readString(written) + "half a li\n\n\0\u00FF\n";
        Files.writeString(written, text, StandardCharsets.ISO_8859_1);
        DowngradeMemory later = restarted();
        assertThat(known(later, "alice")).isPresent();
        assertThat(known(later, "bob")).isPresent();
        assertThat(state.resolve("downgrades.damaged"))
                .content(StandardCharsets.ISO_8859_1)
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%zz -", "mx.example nine", "mx.example"})
    void removesAConsentThatIsNone(String text) throws IOException {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        Path consent = state.resolve("downgrades.accepted-1");
        Files.writeString(consent, text);
        assertThat(memory.catchUp()).isFalse();
        assertThat(consent).doesNotExist();
        assertThat(known(memory, "alice")).isPresent();
    }

    @Test
    void goesOnWhereNothingCanBeWritten() throws IOException {
        Path notADirectory = Files.writeString(state.resolve("file"), "in the way");
        DowngradeMemory stuck =
                new DowngradeMemory(clock, Optional.of(new DowngradeFile(notADirectory)), Cluster.alone());
        stuck.worked(identity("alice", "1"), HOST, SCRAM);
        assertThat(stuck.catchUp()).isFalse();
        assertThat(known(stuck, "alice")).isPresent();
    }

    @Test
    void aConsentCountsWhereTheMemoryCannotBeWritten() throws IOException {
        memory.worked(identity("alice", "1"), HOST, SCRAM);
        Files.createDirectories(state.resolve("downgrades").resolve("in the way"));
        file.accept("mx.example", Optional.empty());
        assertThat(memory.catchUp()).as("held mail is tried again").isTrue();
        assertThat(memory.catchUp()).as("once").isFalse();
    }

    @Test
    void hasRoomForTenThousandAndForgetsTheLongestUnused() {
        for (int i = 0; i < 10_001; i++) {
            memory.worked(identity("user" + i, "1"), HOST, SCRAM);
        }
        assertThat(known(memory, "user0")).isEmpty();
        assertThat(known(memory, "user1")).isPresent();
        memory.catchUp();
        assertThat(known(restarted(), "user10000")).isPresent();
    }
}
