// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Answers questions about a {@link Zone} on 127.0.0.1: those about mail exchangers over TCP (RFC 7766), the others at once. */
final class NameServer implements AutoCloseable {

    private static final int BACKLOG = 512;
    private static final int DATAGRAM = 4096;

    private final Zone zone;
    private final ServerSocket listener;
    private final DatagramSocket datagrams;

    private NameServer(Zone zone, ServerSocket listener, DatagramSocket datagrams) {
        this.zone = zone;
        this.listener = listener;
        this.datagrams = datagrams;
    }

    static NameServer start(Zone zone) throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        ServerSocket listener = new ServerSocket(0, BACKLOG, here);
        try {
            NameServer server = new NameServer(
                    zone, listener, new DatagramSocket(new InetSocketAddress(here, listener.getLocalPort())));
            Thread.ofPlatform().daemon().name("hostile-dns-udp").start(server::datagrams);
            Thread.ofPlatform().daemon().name("hostile-dns-tcp").start(server::connections);
            return server;
        } catch (IOException failure) {
            listener.close();
            throw failure;
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private void datagrams() {
        byte[] buffer = new byte[DATAGRAM];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                byte[] answer = zone.answerInDatagram(Arrays.copyOf(buffer, packet.getLength()));
                datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                // The loop's condition says whether this was the end.
            }
        }
    }

    private void connections() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] answer = zone.answer(question);
                ByteBuffer framed = ByteBuffer.allocate(Short.BYTES + answer.length);
                framed.putShort((short) answer.length).put(answer);
                socket.getOutputStream().write(framed.array());
            }
        } catch (IOException gone) {
            // Whoever asks again gets another connection.
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        listener.close();
    }
}
