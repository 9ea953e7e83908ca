// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that says what it is told to say. */
final class TestClient implements AutoCloseable {

    private Socket socket;

    TestClient(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
    }

    TestClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    TestClient send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        return this;
    }

    /** Reads one reply, all its lines, joined by LF; empty at the end of the stream. */
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        while (true) {
            String line = line();
            reply.append(line);
            if (line.length() < 4 || line.charAt(3) != '-') {
                return reply.toString();
            }
            reply.append('\n');
        }
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = socket.getInputStream().read();
        while (octet >= 0 && octet != '\n') {
            line.write(octet);
            octet = socket.getInputStream().read();
        }
        return line.toString(StandardCharsets.UTF_8).replace("\r", "");
    }

    String ask(String command) throws IOException {
        return send(command + "\r\n").reply();
    }

    /** Starts TLS as a client that trusts the authority and checks the name as the JDK does. */
    String startTls(TestAuthority authority, String name) throws IOException {
        SSLSocket tls = (SSLSocket)
                authority.clientContext().getSocketFactory().createSocket(socket, name, socket.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        socket = tls;
        return tls.getSession().getProtocol();
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
