// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.peer.Accounts;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.peer.ServerMechanism;

/**
 * What {@code ./dev new-plugin} writes builds, passes its own tests, and works in a relay that runs, after one copy. Maven
 * works without the network, on a repository that has what this build has and the artifacts of this build.
 */
@Timeout(300)
class NewPluginIT {

    @TempDir
    private Path folder;

    /** The relay's folder, made as an operator makes it. */
    private RelayProcess relay(String domain) throws IOException {
        Files.createDirectories(folder.resolve("relay/bundles"));
        Path configuration = Files.writeString(folder.resolve("relay/postern.conf"), """
            ESMTP_Listener { Listen "127.0.0.1:0" { } }
            Domain "peer.example" { %s }
            """.formatted(domain));
        return RelayProcess.start(configuration, "-v");
    }

    private Shell.Ended newPlugin(String arguments) throws Exception {
        return new Shell(folder, folder).run(Shell.checkout() + "/dev new-plugin " + arguments);
    }

    /** Generates, builds and tests a project; the answer is its jar. */
    private Path built(String kind, String name) throws Exception {
        Shell.Ended generated = newPlugin(kind + " " + name + " --no-install");
        assertThat(generated.code()).as(generated.printed()).isZero();
        Path project = folder.resolve(name);
        Path repository = MavenRepository.ofThisBuild().location();
        Shell.Ended built =
                new Shell(project, folder).run("mvn -o -B -ntp -Dmaven.repo.local='" + repository + "' package");
        assertThat(built.code()).as(built.printed()).isZero();
        assertThat(built.printed()).contains("Tests run: ");
        return project.resolve("target/" + name.toLowerCase(Locale.ROOT) + "-0.1.0-SNAPSHOT.jar");
    }

    /** By one copy. Mail waits for a mechanism and for a store, so nobody has to wait here. */
    private void deploy(Path jar) throws IOException {
        Files.copy(jar, folder.resolve("relay/bundles").resolve(jar.getFileName()));
    }

    /** Mail does not wait for a hook that nobody knows of yet. */
    private void awaitAccount(String user) {
        Path home = Path.of(System.getProperty("postern.home"));
        Shell shell = new Shell(home, folder);
        eventually(() -> shell.run("./postern explain --instance '" + folder.resolve("relay")
                        + "' --from me@example.com --to you@peer.example")
                .printed()
                .contains("goes out as " + user));
    }

    private ReceivedMessage delivered(RelayProcess relay, MailPeer peer) throws IOException {
        try (Courier courier = new Courier(relay.port())) {
            courier.send("me@example.com", List.of("you@peer.example"), "Subject: hello\r\n\r\n".getBytes(UTF_8));
        }
        eventually(() -> peer.messageCount() == 1);
        return peer.messages().getFirst();
    }

    /** Knows one account, and wants the keyed hash of a challenge. */
    private record Hashing(String user, String password) implements ServerMechanism {

        @Override
        public String name() {
            return "X-SECRET";
        }

        @Override
        public Exchange begin(Accounts accounts) {
            byte[] challenge = Long.toString(System.nanoTime()).getBytes(UTF_8);
            boolean[] asked = new boolean[1];
            return response -> {
                if (!asked[0]) {
                    asked[0] = true;
                    return response.map(octets -> new String(octets, UTF_8).equals(user))
                                    .orElse(false)
                            ? new Verdict.Challenge(challenge)
                            : new Verdict.Denied("535 5.7.8 who?");
                }
                return Arrays.equals(response.orElseThrow(), proof(challenge))
                        ? new Verdict.Granted(user)
                        : new Verdict.Denied("535 5.7.8 no");
            };
        }

        private byte[] proof(byte[] challenge) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(password.getBytes(UTF_8), "HmacSHA256"));
                return mac.doFinal(challenge);
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    @Test
    void aMechanismAuthenticatesInARelayThatRuns() throws Exception {
        Path jar = built("mechanism", "X-SECRET");
        try (MailPeer peer = MailPeer.builder()
                        .mechanism(new Hashing("alice", "wonderland"))
                        .requireAuth()
                        .start();
                RelayProcess relay = relay("""
                    Routes = ( "smtp://localhost:%d" )
                    Outbound_SMTP_AUTH_Type = "X-SECRET"
                    Outbound_SMTP_AUTH_User = "alice"
                    Outbound_SMTP_AUTH_Pass = "wonderland"
                    """.formatted(peer.port())).ready()) {
            deploy(jar);
            ReceivedMessage message = delivered(relay, peer);
            assertThat(message.mechanism()).hasValue("X-SECRET");
            assertThat(message.user()).hasValue("alice");
            relay.signal("TERM");
            assertThat(relay.exitCode()).as(relay.said()).isZero();
        }
    }

    @Test
    void aStoreServesACredentialInARelayThatRuns() throws Exception {
        Path jar = built("store", "cellar");
        try (MailPeer peer = MailPeer.builder()
                        .mechanisms("PLAIN")
                        .requireAuth()
                        .account("alice", "wonderland")
                        .start();
                RelayProcess relay = relay("""
                    Routes = ( "smtp://localhost:%d" )
                    Outbound_SMTP_AUTH_Key = "partner"
                    """.formatted(peer.port())).ready()) {
            Files.writeString(
                    folder.resolve("relay/cellar.properties"), "partner.user = alice\npartner.password = wonderland\n");
            deploy(jar);
            assertThat(delivered(relay, peer).user()).hasValue("alice");
            relay.signal("TERM");
            assertThat(relay.exitCode()).as(relay.said()).isZero();
        }
    }

    @Test
    void aHookChoosesTheAccountInARelayThatRuns() throws Exception {
        Path jar = built("hook", "by-sender");
        try (MailPeer peer = MailPeer.builder()
                        .mechanisms("PLAIN")
                        .requireAuth()
                        .account("me@example.com", "shared")
                        .account("nobody", "shared")
                        .start();
                RelayProcess relay = relay("""
                    Routes = ( "smtp://localhost:%d" )
                    Outbound_SMTP_AUTH_User = "nobody"
                    Outbound_SMTP_AUTH_Pass = "shared"
                    """.formatted(peer.port())).ready()) {
            deploy(jar);
            awaitAccount("me@example.com");
            assertThat(delivered(relay, peer).user()).hasValue("me@example.com");
            relay.signal("TERM");
            assertThat(relay.exitCode()).as(relay.said()).isZero();
        }
    }

    @Test
    void neverWritesOverWhatIsThere() throws Exception {
        Path precious = Files.writeString(
                Files.createDirectory(folder.resolve("cellar")).resolve("precious"), "mine");
        Shell.Ended refused = newPlugin("store cellar --no-install");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.printed()).contains("exists already");
        assertThat(precious).hasContent("mine");
        try (Stream<Path> there = Files.list(folder.resolve("cellar"))) {
            assertThat(there).containsExactly(precious);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''| what kind",
                "gadget x| no kind of plug-in called gadget",
                "mechanism| needs a name",
                "mechanism ''| needs a name",
                "store 9lives| begin with a letter",
                "store 'two words'| letters, digits and hyphens",
                "store ../cellar| letters, digits and hyphens",
                "store k\u00e4se| letters, digits and hyphens",
                "mechanism A-NAME-THAT-IS-TOO-LONG| 1 to 20 letters",
                "hook new| word of the Java language",
                "hook a b| what is b?",
                "hook a --dir| --dir needs a directory",
                "hook a --frob| no option --frob"
            })
    void saysWhatIsWrongWithItsArguments(String arguments, String text) throws Exception {
        Shell.Ended refused = newPlugin(Optional.ofNullable(arguments).orElse(""));
        assertThat(refused.code()).as(refused.printed()).isEqualTo(2);
        assertThat(refused.printed()).contains(text);
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void writesNothingIntoTheCheckout() throws Exception {
        Path inside = Shell.checkout().resolve("docs/cellar");
        Shell.Ended refused = newPlugin("store cellar --no-install --dir " + inside);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.printed()).contains("lies in the checkout");
        assertThat(inside).doesNotExist();
    }
}
