// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.postern.engine.EngineRuntime;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.command.OperatorCommand;

/** The running relay as a test inside the container sees it. */
final class Instance {

    private final BundleContext context;
    private final Path configuration;
    private final TestAuthority authority = TestAuthority.create();

    Instance(BundleContext context) throws IOException {
        this.context = context;
        this.configuration = Path.of(context.getProperty("postern.conf"));
        authority.writeRootPem(directory().resolve("ca.pem"));
    }

    Path directory() {
        return configuration.getParent();
    }

    /** A peer that takes nothing without TLS and a login. */
    MailPeer peer(String mechanism, String user, String password) throws IOException {
        return MailPeer.builder()
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .mechanisms(mechanism)
                .requireAuth()
                .account(user, password)
                .start();
    }

    /** Puts this in force, beside listener, spool and whatever vault there is. */
    void configure(String text) throws IOException {
        String whole = "ESMTP_Listener { Listen \"127.0.0.1:0\" {} }\nSpool_Local { Directory = \"spool\" }\n"
                + "Transcript_File = \"transcript\"\nTLS_CA = \"ca.pem\"\n" + text;
        Files.writeString(configuration, whole);
        run("reload");
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
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int code = command(verb)
                .run(List.of(arguments), new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, out);
        String text = printed.toString(StandardCharsets.UTF_8);
        if (code != 0) {
            throw new AssertionError(verb + " ended with " + code + ":\n" + text);
        }
        return text;
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

    int listenerPort() {
        eventually(() ->
                !references(SocketAddress.class, "(postern.listener=smtp)").isEmpty());
        String address = (String) references(SocketAddress.class, "(postern.listener=smtp)")
                .iterator()
                .next()
                .getProperty("postern.listener.address");
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Hands a message in over SMTP, one command at a time. */
    void send(String from, String to, String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", listenerPort())) {
            socket.setSoTimeout(20_000);
            reply(socket, "", "220");
            reply(socket, "EHLO test.example\r\n", "250");
            reply(socket, "MAIL FROM:<" + from + ">\r\n", "250");
            reply(socket, "RCPT TO:<" + to + ">\r\n", "250");
            reply(socket, "DATA\r\n", "354");
            reply(socket, text + ".\r\n", "250");
            reply(socket, "QUIT\r\n", "221");
        }
    }

    private static void reply(Socket socket, String command, String expected) throws IOException {
        socket.getOutputStream().write(command.getBytes(ISO_8859_1));
        String line;
        do {
            line = line(socket);
            if (!line.startsWith(expected)) {
                throw new IOException("after " + command.strip() + ": " + line);
            }
        } while (line.charAt(3) == '-');
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n';
                c = socket.getInputStream().read()) {
            if (c < 0) {
                throw new IOException("the listener closed after: " + line);
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }
}
