// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/**
 * An SMTP client that can do nothing but authenticate (RFC 4954): it plays a mechanism against a scripted peer, so that a
 * mechanism's hostile dialogues are files like all others. It introduces itself as {@code client.example.test} and sends
 * an initial response whenever there is one.
 */
public final class AuthClient implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private AuthClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        this.out = socket.getOutputStream();
    }

    /**
     * Authenticates once.
     *
     * @param port a peer on 127.0.0.1
     * @return {@code authenticated}, {@code refused} with the reply, or {@code aborted:} with the reason
     */
    public static String authenticate(int port, String mechanism, SaslExchange exchange) throws IOException {
        try (AuthClient client = new AuthClient(new Socket(InetAddress.getLoopbackAddress(), port))) {
            client.reply();
            client.say("EHLO client.example.test");
            return client.run(mechanism, exchange);
        }
    }

    private String run(String mechanism, SaslExchange exchange) throws IOException {
        String reply = say("AUTH " + mechanism + initial(exchange.initialResponse()));
        while (reply.startsWith("334")) {
            SaslStep step = exchange.respond(
                    Octets.wrap(Base64.getDecoder().decode(reply.substring(3).strip())));
            switch (step) {
                case SaslStep.Respond respond -> reply = say(base64(respond.response()));
                case SaslStep.Abort abort -> {
                    say("*");
                    return "aborted: " + abort.reason();
                }
                case SaslStep.Complete complete ->
                    throw new IllegalStateException(mechanism + " had no answer to a challenge");
            }
        }
        return reply.startsWith("235") ? concluded(exchange.conclude()) : "refused " + reply;
    }

    private static String concluded(SaslStep step) {
        return step instanceof SaslStep.Abort abort ? "aborted: " + abort.reason() : "authenticated";
    }

    private static String initial(Optional<Octets> response) {
        return response.map(octets -> octets.length() == 0 ? " =" : " " + base64(octets))
                .orElse("");
    }

    private static String base64(Octets octets) {
        return Base64.getEncoder().encodeToString(octets.toByteArray());
    }

    private String say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return reply();
    }

    private String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("the peer closed the connection");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
