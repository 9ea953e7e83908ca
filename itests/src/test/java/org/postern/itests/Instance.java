// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionTimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.postern.engine.EngineRuntime;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerMechanism;
import org.postern.peer.TestAuthority;
import org.postern.spi.command.OperatorCommand;

/** The running relay as a test inside the container sees it. */
final class Instance {

    private final BundleContext context;
    private final Path configuration;
    private final String spool;
    private final TestAuthority authority = TestAuthority.create();

    Instance(BundleContext context) throws IOException {
        this(context, "Spool_Local { Directory = \"spool\" }\n");
    }

    /** @param spool the stanza of the spool that it has once it is configured */
    Instance(BundleContext context, String spool) throws IOException {
        this.context = context;
        this.spool = spool;
        this.configuration = Path.of(context.getProperty("postern.conf"));
        authority.writeRootPem(directory().resolve("ca.pem"));
    }

    Path directory() {
        return configuration.getParent();
    }

    /** What a server that the relay trusts shows, for {@code localhost}. */
    SSLContext tlsServer() {
        return authority.issue(CertificateVariant.GOOD).serverContext();
    }

    /** A peer that takes nothing without TLS and a login. */
    MailPeer peer(String mechanism, String user, String password) throws IOException {
        return peer(Set.of(mechanism), user, password);
    }

    /** Likewise, by any of these mechanisms. */
    MailPeer peer(Set<String> mechanisms, String user, String password) throws IOException {
        return MailPeer.builder()
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .mechanisms(mechanisms.toArray(String[]::new))
                .requireAuth()
                .account(user, password)
                .start();
    }

    /** Likewise, with a mechanism of the test's own. */
    MailPeer peer(ServerMechanism mechanism) throws IOException {
        return MailPeer.builder()
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .mechanism(mechanism)
                .requireAuth()
                .start();
    }

    /** Puts this in force, beside listener, spool and whatever vault there is. */
    void configure(String text) throws IOException {
        write(whole(text));
        run("reload");
    }

    /** Likewise, where the text is wrong. */
    Ended misconfigure(String text) throws IOException {
        write(whole(text));
        return attempt("", "reload");
    }

    private String whole(String text) {
        return "ESMTP_Listener { Listen \"127.0.0.1:0\" {} }\n" + spool
                + "Transcript_File = \"transcript\"\nTLS_CA = \"ca.pem\"\n" + text;
    }

    // Whole or not at all, because the relay looks at the file every second.
    private void write(String text) throws IOException {
        Path fresh = configuration.resolveSibling("postern.conf.new");
        Files.writeString(fresh, text);
        Files.move(fresh, configuration, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    static String route(String domain, MailPeer peer) {
        return "Domain \"" + domain + "\" { Routes = ( \"smtp://localhost:" + peer.port()
                + "\" ) TLS = \"required\" TLS_Verify = \"host\" }\n";
    }

    static String login(String domain, String mechanism, String user, String password) {
        return "Domain \"" + domain + "\" { Outbound_SMTP_AUTH_Type = \"" + mechanism
                + "\" Outbound_SMTP_AUTH_User = \"" + user + "\" Outbound_SMTP_AUTH_Pass = \"" + password + "\" }\n";
    }

    /** Runs a verb and returns what it printed. */
    String run(String verb, String... arguments) {
        return runWithInput("", verb, arguments);
    }

    String runWithInput(String input, String verb, String... arguments) {
        Ended ended = attempt(input, verb, arguments);
        if (ended.code() != 0) {
            throw new AssertionError(verb + " ended with " + ended.code() + ":\n" + ended.printed());
        }
        return ended.printed();
    }

    /** How a verb ended, and what it printed. */
    record Ended(int code, String printed) {}

    /** Runs a verb that may well fail. */
    Ended attempt(String input, String verb, String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int code = command(verb)
                .run(List.of(arguments), new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, out);
        return new Ended(code, printed.toString(StandardCharsets.UTF_8));
    }

    private OperatorCommand command(String verb) {
        eventually(() -> !references(OperatorCommand.class, "(" + OperatorCommand.VERB + "=" + verb + ")")
                .isEmpty());
        return context.getService(references(OperatorCommand.class, "(" + OperatorCommand.VERB + "=" + verb + ")")
                .iterator()
                .next());
    }

    <S> Collection<ServiceReference<S>> references(Class<S> type, String filter) {
        try {
            return context.getServiceReferences(type, filter);
        } catch (InvalidSyntaxException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    EngineRuntime engine() {
        eventually(() -> context.getServiceReference(EngineRuntime.class) != null);
        return context.getService(context.getServiceReference(EngineRuntime.class));
    }

    /** The reasons that queues give, in one text. */
    String reasons() {
        return engine().queues().stream()
                .flatMap(queue -> queue.lastReason().stream())
                .toList()
                .toString();
    }

    Bundle bundle(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    /** Where the listener is now; waits for one. */
    int listenerPort() {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(this::portIfOpen, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Integer> portIfOpen() {
        return references(SocketAddress.class, "(postern.listener=smtp)").stream()
                .findFirst()
                .map(listener -> (String) listener.getProperty("postern.listener.address"))
                .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    /** Replaces the bundle by what its jar in the launcher's home holds: a new revision of the same thing. */
    void update(String symbolicName) throws IOException, BundleException {
        try (InputStream jar = Files.newInputStream(jar(symbolicName))) {
            bundle(symbolicName).update(jar);
        }
    }

    /** The jar that ships. */
    static Path jar(String symbolicName) throws IOException {
        String name = symbolicName.substring("org.".length()).replace('.', '-') + ".jar";
        try (Stream<Path> jars = Files.walk(Path.of(System.getProperty("postern.home"), "system"))) {
            return jars.filter(jar -> jar.endsWith(name)).findFirst().orElseThrow();
        }
    }

    /** The file of the vault; {@link #vault} makes it. */
    Path vaultFile() {
        return directory().resolve("vault.kdbx");
    }

    /** A stanza for the vault, which is made if it is not there. */
    String vault() {
        if (!Files.exists(vaultFile())) {
            run("vault", "init", "--file", vaultFile().toString(), "--key-file", vaultKey());
        }
        return "Credential_Vault { File = \"" + vaultFile() + "\" Key_File = \"" + vaultKey() + "\" }\n";
    }

    private String vaultKey() {
        return directory().resolve("vault.key").toString();
    }

    /** Puts an entry into the vault or changes its secret. */
    void vaultSet(String key, String user, String password) {
        runWithInput(
                password + "\n",
                "vault",
                "set",
                key,
                "--user",
                user,
                "--file",
                vaultFile().toString(),
                "--key-file",
                vaultKey());
    }

    /** Hands a message in over SMTP, one command at a time. */
    void send(String from, String to, String text) throws IOException {
        try (Courier courier = new Courier(listenerPort())) {
            courier.send(from, List.of(to), text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Likewise, and says what is wrong if it does not come to that. */
    static void eventually(Callable<Boolean> condition, Supplier<String> wrong) {
        try {
            eventually(condition);
        } catch (ConditionTimeoutException late) {
            // Without its cause, which is all that Pax Exam would show.
            throw new AssertionError(wrong.get());
        }
    }

    static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }
}
