// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A DNS server on loopback with the records that a test writes in master file form. What is too long for a datagram is to be
 * had over TCP at the same port.
 */
final class StubDns implements AutoCloseable {

    final AtomicInteger questions = new AtomicInteger();

    /** The questions among them that came over TCP. */
    final AtomicInteger overTcp = new AtomicInteger();

    private static final int MOST_IN_A_DATAGRAM = 512;

    private final ServerSocket stream;
    private final DatagramSocket socket;
    private final List<Record> records = new CopyOnWriteArrayList<>();
    private final Map<Name, Integer> failing = new ConcurrentHashMap<>();
    private final Set<Name> silent = ConcurrentHashMap.newKeySet();
    private final Set<Name> garbled = ConcurrentHashMap.newKeySet();
    private final Map<Name, Record> misplaced = new ConcurrentHashMap<>();

    StubDns() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        DatagramSocket datagrams = null;
        ServerSocket streams = null;
        while (datagrams == null) {
            streams = new ServerSocket(0, 50, loopback);
            datagrams = beside(streams);
        }
        stream = streams;
        socket = datagrams;
        Thread.ofPlatform().daemon().name("stub-dns").start(this::serve);
        Thread.ofPlatform().daemon().name("stub-dns-tcp").start(this::serveStreams);
    }

    /** At the same port, which somebody else may have. */
    private static DatagramSocket beside(ServerSocket streams) throws IOException {
        try {
            return new DatagramSocket(streams.getLocalSocketAddress());
        } catch (BindException taken) {
            streams.close();
            return null;
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** One record per line, such as {@code example.com. 60 IN MX 10 mx.example.com.}. */
    StubDns zone(String lines) throws IOException {
        try (Master master = new Master(new ByteArrayInputStream(lines.getBytes(US_ASCII)), Name.root, 60)) {
            for (Record found = master.nextRecord(); found != null; found = master.nextRecord()) {
                records.add(found);
            }
        }
        return this;
    }

    StubDns failing(String name, int rcode) throws IOException {
        failing.put(Name.fromString(name, Name.root), rcode);
        return this;
    }

    StubDns silent(String name) throws IOException {
        silent.add(Name.fromString(name, Name.root));
        return this;
    }

    StubDns garbled(String name) throws IOException {
        garbled.add(Name.fromString(name, Name.root));
        return this;
    }

    /** Whoever asks for this name is given a record of another one. */
    StubDns misplaced(String name, String line) throws IOException {
        try (Master master = new Master(new ByteArrayInputStream(line.getBytes(US_ASCII)), Name.root, 60)) {
            misplaced.put(Name.fromString(name, Name.root), master.nextRecord());
        }
        return this;
    }

    /** Has no records any more. */
    StubDns cleared() {
        records.clear();
        return this;
    }

    @Override
    public void close() {
        socket.close();
        try {
            stream.close();
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private void serve() {
        byte[] buffer = new byte[4_096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                answer(packet);
            } catch (IOException closed) {
                // The loop's condition says whether this was the end.
            }
        }
    }

    private void serveStreams() {
        while (!stream.isClosed()) {
            try {
                Socket asking = stream.accept();
                Thread.ofVirtual().name("stub-dns-stream").start(() -> answer(asking));
            } catch (IOException closed) {
                // The loop's condition says whether this was the end.
            }
        }
    }

    private void answer(Socket asking) {
        try (asking) {
            DataInputStream in = new DataInputStream(asking.getInputStream());
            DataOutputStream out = new DataOutputStream(asking.getOutputStream());
            while (true) {
                Message question = new Message(in.readNBytes(in.readUnsignedShort()));
                questions.incrementAndGet();
                overTcp.incrementAndGet();
                byte[] wire = reply(question).toWire();
                byte[] framed = ByteBuffer.allocate(2 + wire.length)
                        .putShort((short) wire.length)
                        .put(wire)
                        .array();
                out.write(framed);
            }
        } catch (IOException hungUp) {
            // It has asked all that it wanted to.
        }
    }

    private void answer(DatagramPacket packet) throws IOException {
        Message question = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        questions.incrementAndGet();
        Name name = question.getQuestion().getName();
        if (silent.contains(name)) {
            return;
        }
        byte[] wire =
                garbled.contains(name) ? new byte[] {1, 2, 3} : reply(question).toWire(MOST_IN_A_DATAGRAM);
        socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
    }

    private Message reply(Message question) throws IOException {
        Message reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        Record asked = question.getQuestion();
        reply.addRecord(asked, Section.QUESTION);
        Record other = misplaced.get(asked.getName());
        if (other != null) {
            reply.addRecord(other, Section.ANSWER);
            return reply;
        }
        Integer failure = failing.get(asked.getName());
        boolean exists = failure == null && fill(reply, asked.getName(), asked.getType());
        reply.getHeader().setRcode(failure != null ? failure : exists ? Rcode.NOERROR : Rcode.NXDOMAIN);
        if (failure == null && reply.getSection(Section.ANSWER).isEmpty()) {
            reply.addRecord(
                    Record.fromString(Name.root, Type.SOA, 1, 60, ". . 1 60 60 60 60", Name.root), Section.AUTHORITY);
        }
        return reply;
    }

    private boolean fill(Message reply, Name name, int type) {
        boolean exists = false;
        for (Record candidate : records) {
            if (candidate.getName().equals(name)) {
                exists = true;
                if (candidate.getType() == type) {
                    reply.addRecord(candidate, Section.ANSWER);
                } else if (candidate.getType() == Type.CNAME) {
                    reply.addRecord(candidate, Section.ANSWER);
                    exists = fill(reply, ((org.xbill.DNS.CNAMERecord) candidate).getTarget(), type);
                }
            }
        }
        return exists;
    }
}
