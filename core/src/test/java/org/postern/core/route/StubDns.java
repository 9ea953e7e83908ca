// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
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

/** A DNS server on loopback with the records that a test writes in master file form. */
final class StubDns implements AutoCloseable {

    final AtomicInteger questions = new AtomicInteger();

    private final DatagramSocket socket;
    private final List<Record> records = new CopyOnWriteArrayList<>();
    private final Map<Name, Integer> failing = new ConcurrentHashMap<>();
    private final Set<Name> silent = ConcurrentHashMap.newKeySet();
    private final Set<Name> garbled = ConcurrentHashMap.newKeySet();

    StubDns() throws SocketException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().name("stub-dns").start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** One record per line, such as {@code example.com. 60 IN MX 10 mx.example.com.}. */
    StubDns zone(String lines) throws IOException {
        try (Master master = new Master(
                new java.io.ByteArrayInputStream(lines.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                Name.root,
                60)) {
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

    @Override
    public void close() {
        socket.close();
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

    private void answer(DatagramPacket packet) throws IOException {
        Message question = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        questions.incrementAndGet();
        Name name = question.getQuestion().getName();
        if (silent.contains(name)) {
            return;
        }
        byte[] wire =
                garbled.contains(name) ? new byte[] {1, 2, 3} : reply(question).toWire();
        socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
    }

    private Message reply(Message question) throws IOException {
        Message reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        Record asked = question.getQuestion();
        reply.addRecord(asked, Section.QUESTION);
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
