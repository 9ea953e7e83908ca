// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import org.postern.peer.CertificateVariant;
import org.postern.peer.TestAuthority;

/**
 * The peer that everything is delivered to, in a process of its own. Leaner than a real mail server, so that it takes
 * little of the machine from what is measured: it asks for AUTH PLAIN, drops contents and marks off the numbers in the
 * recipients.
 *
 * <p>Spoken to over its standard input: {@code expect PHASE COUNT} begins a new list, {@code report} asks how it stands.
 * It says {@code port N} first, {@code done} when the last of the list has come, {@code have N M}: so many different
 * messages, so many repeated, and asked for {@code times}, when each of them came.
 */
final class Sink {

    private static final int BACKLOG = 512;

    private final ServerSocket listener;
    private final SSLContext tls;
    private final Duration late;
    private final boolean chunking;
    private final PrintStream out;
    private volatile SinkList list = new SinkList("none", 0, () -> {});

    private Sink(ServerSocket listener, SSLContext tls, Peer peer, PrintStream out) {
        this.listener = listener;
        this.tls = tls;
        this.late = Duration.ofMillis(peer.lateMillis());
        this.chunking = peer.chunking();
        this.out = out;
    }

    /** @param arguments what it is to be like, as {@link Peer#words} says it */
    public static void main(String[] arguments) throws IOException {
        Peer peer = Peer.of(arguments);
        SSLContext tls =
                peer.authority().isEmpty() ? null : context(peer.authority().get());
        try (ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"))) {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
            new Sink(listener, tls, peer, out).run();
        }
    }

    private static SSLContext context(Path authorityFile) throws IOException {
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(authorityFile);
        return authority.issue(CertificateVariant.GOOD).serverContext();
    }

    private void run() throws IOException {
        Thread.ofPlatform().daemon().name("bench-sink-accept").start(this::accept);
        say("port " + listener.getLocalPort());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            obey(line.split(" "));
        }
    }

    private void obey(String[] words) {
        if (words[0].equals("expect")) {
            list = new SinkList(words[1], Integer.parseInt(words[2]), () -> say("done"));
            say("ready");
        } else if (words[0].equals("times")) {
            say(LongStream.of(list.times()).mapToObj(Long::toString).collect(Collectors.joining(" ", "times ", "")));
        } else {
            say("have " + list.different() + " " + list.repeated());
        }
    }

    private void say(String line) {
        out.println(line);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofPlatform().daemon().name("bench-sink").start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new SinkSession(socket, tls, late, chunking, recipient -> list.mark(recipient)).run();
        } catch (IOException gone) {
            // A relay may end as it likes; what is missing shows in the list.
        }
    }
}
