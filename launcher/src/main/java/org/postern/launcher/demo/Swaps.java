// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleException;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.Services;
import org.postern.launcher.container.Verb;

/** What is replaced under the relay while mail flows, by the means that an operator has. */
final class Swaps {

    static final String LOGIN_BUNDLE = "org.postern.auth.login";
    private static final String STORE = "org.postern.spi.credential.CredentialStore";
    private static final String ROTATED = "a brand-new passphrase, 2026 edition";

    private final Container container;
    private final DemoFiles files;
    private final DemoPeers peers;
    private final Narrator narrator;
    private long loginsBeforeReplacement;

    Swaps(Container container, DemoFiles files, DemoPeers peers, Narrator narrator) {
        this.container = container;
        this.files = files;
        this.peers = peers;
        this.narrator = narrator;
    }

    /** The passwords leave the configuration file and go into the vault. */
    void moveCredentialsToVault() throws IOException {
        narrator.step("swap 1: the passwords move from the configuration file to the vault");
        vault("", "init");
        for (Correspondent one : List.of(Correspondent.MESSAGE_SYSTEMS, Correspondent.SPARKPOST)) {
            vault(one.firstPassword(), "set", one.key(), "--user", one.user());
        }
        files.configureWithVault(peers);
        verb("reload", "");
        // Before the passwords go, the vault has to be open; an operator would look as well.
        Services services = new Services(container.context());
        await(() -> services.present(STORE), Duration.ofSeconds(10));
        files.configureWithoutPasswords(peers);
        verb("reload", "");
    }

    /** One password changes at the provider, who takes both for a while, and then in the vault. */
    void rotate() throws IOException {
        Correspondent one = Correspondent.SPARKPOST;
        narrator.step("swap 2: " + one.domain() + " changes the password of " + one.user());
        peers.sparkpostAccounts().allow(ROTATED);
        vault(ROTATED, "set", one.key());
    }

    /** The provider takes the old password no more. */
    void endChangeover() {
        Correspondent one = Correspondent.SPARKPOST;
        // The vault is looked at every second. Where no mail is left to log in for, there is nothing to wait for.
        await(() -> peers.sparkpostAccounts().logins(ROTATED) > 0, Duration.ofSeconds(3));
        int before = peers.sparkpostAccounts().logins(one.firstPassword());
        peers.sparkpostAccounts().end(one.firstPassword());
        narrator.say("        " + before + " logins with the old password, "
                + peers.sparkpostAccounts().logins(ROTATED) + " with the new one; the old one is refused from now on");
    }

    /** The bundle that knows LOGIN is replaced. */
    void replaceLoginBundle() throws IOException, BundleException {
        narrator.step("swap 3: the bundle " + LOGIN_BUNDLE + " is replaced");
        long began = System.nanoTime();
        container.update(LOGIN_BUNDLE);
        loginsBeforeReplacement = peers.messageSystems().logins();
        narrator.say("        updated and running again after " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    /** Says by how many logins the new bundle has proved itself. */
    void sumUpLogins() {
        narrator.say("        " + (peers.messageSystems().logins() - loginsBeforeReplacement)
                + " logins at messagesystems.com by the new bundle, "
                + (peers.messageSystems().failedLogins() + peers.sparkpost().failedLogins())
                + " refused at either peer");
    }

    private static void await(BooleanSupplier condition, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void vault(String secret, String... words) throws IOException {
        Stream<String> where = Stream.of(
                "--file",
                files.vault().toString(),
                "--key-file",
                files.vaultKey().toString());
        verb("vault", secret, Stream.concat(Stream.of(words), where).toArray(String[]::new));
    }

    private void verb(String name, String input, String... words) throws IOException {
        Verb verb = Verb.find(container.context(), name)
                .orElseThrow(() -> new IOException("no bundle offers the verb " + name));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        InputStream in = new ByteArrayInputStream((input + "\n").getBytes(StandardCharsets.UTF_8));
        int code = verb.run(List.of(words), in, print, print);
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
        narrator.say("        " + name + shown(words));
        narrator.quote(lines);
        if (code != 0) {
            throw new IOException(name + " failed: " + String.join("; ", lines));
        }
    }

    /** The words that matter: the files are named above. */
    private static String shown(String... words) {
        return Stream.of(words)
                .takeWhile(word -> !word.startsWith("--"))
                .map(word -> " " + word)
                .collect(Collectors.joining());
    }
}
