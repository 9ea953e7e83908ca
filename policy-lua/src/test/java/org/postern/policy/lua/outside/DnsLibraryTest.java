// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(60)
class DnsLibraryTest {

    private DatagramSocket socket;
    private Thread server;

    @BeforeEach
    void start() throws Exception {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        server = Thread.ofVirtual().start(() -> {
            byte[] buffer = new byte[512];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    socket.receive(packet);
                    Message query = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
                    if (!query.getQuestion().getName().toString().startsWith("silent.")) {
                        byte[] wire = answer(query).toWire();
                        socket.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        socket.close();
        server.join();
    }

    private static Message answer(Message query) throws IOException {
        Record question = query.getQuestion();
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        switch (question.getType() + " " + question.getName()) {
            case Type.A + " a.example." -> add(answer, "192.0.2.1", "192.0.2.2");
            case Type.AAAA + " a.example." -> add(answer, "2001:db8::1");
            case Type.MX + " a.example." -> add(answer, "20 mx2.example.", "10 mx1.example.");
            case Type.TXT + " a.example." -> add(answer, "\"v=spf1 \" \"-all\"");
            case Type.PTR + " 1.2.0.192.in-addr.arpa." -> add(answer, "a.example.");
            default -> answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        return answer;
    }

    private static void add(Message answer, String... data) throws IOException {
        Record question = answer.getQuestion();
        for (String text : data) {
            answer.addRecord(
                    Record.fromString(
                            question.getName(), question.getType(), question.getDClass(), 60, text, Name.root),
                    Section.ANSWER);
        }
    }

    private String show(String arguments, String result) {
        LuaState state = Lua.state();
        DnsLibrary.open(state);
        return Show.in(
                state,
                "local server = '127.0.0.1:" + socket.getLocalPort() + "' local r, e = msys.dnsLookup(" + arguments
                        + ") " + result);
    }

    @Test
    void answersEachTypeAsStrings() {
        assertThat(show("'a.example', nil, {server = server}", "table.sort(r) return unpack(r)"))
                .isEqualTo("192.0.2.1 192.0.2.2");
        assertThat(show("'a.example', 'AAAA', {server = server}", "return r[1]"))
                .isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(show("'a.example', 'MX', {server = server}", "return unpack(r)"))
                .isEqualTo("mx1.example mx2.example");
        assertThat(show("'a.example', 'MX', {server = server, priority = true}", "return r[2][1], r[2][2]"))
                .isEqualTo("20 mx2.example");
        assertThat(show("'a.example', 'TXT', {server = server}", "return r[1]")).isEqualTo("v=spf1 -all");
        assertThat(show("'192.0.2.1', 'PTR', {server = server}", "return r[1]")).isEqualTo("a.example");
    }

    @Test
    void givesNilAndAReasonWhereThereIsNothing() {
        assertThat(show("'no.example', 'A', {server = server}", "return r, e")).startsWith("nil no.example: ");
        assertThat(show("'a..example', 'A', {server = server}", "return r, e")).startsWith("nil ");
    }

    @Test
    void raisesATypeThatItDoesNotKnow() {
        assertThatThrownBy(() -> show("'a.example', 'ANY'", "")).isInstanceOf(LuaError.class);
    }

    /** What every function of the language is held to; not among them, because it would ask the machine's servers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "0/0",
                "1/0",
                "-1",
                "''",
                "'\\0'",
                "('x'):rep(1048576)",
                "{}",
                "setmetatable({}, {__index = function() error({}) end})",
                "function() end",
                "coroutine.create(function() end)"
            })
    void returnsOrRaisesWhateverItIsCalledWith(String value) {
        for (String call : List.of(
                value + ", 'A', {server = server}",
                "'no.example', " + value + ", {server = server}",
                "'no.example', 'A', {server = " + value + "}",
                "'no.example', 'MX', {server = server, priority = " + value + "}")) {
            assertThat(show("'x', 'A', {server = server}) r, e = pcall(msys.dnsLookup, " + call, "return type(r)"))
                    .as(call)
                    .isEqualTo("boolean");
        }
    }

    @Test
    void asksServersByTheirAddressOnly() {
        for (String server : List.of("'dns.example'", "'dns.example:53'", "5", "{}", "':53'", "'[::1]:53'")) {
            assertThatThrownBy(() -> show("'a.example', 'A', {server = " + server + "}", ""))
                    .as(server)
                    .isInstanceOf(LuaError.class)
                    .hasMessageContaining("the server is an address");
        }
    }

    @Test
    void endsWithTheCall() {
        LuaState state = Sandbox.open(new Limits(1_000_000, 16 << 20, Duration.ofMillis(300)), Lua.CLOCK, Chunks.NONE);
        DnsLibrary.open(state);
        assertThatThrownBy(() -> Lua.run(
                        state,
                        "msys.dnsLookup('silent.example', 'A', {server = '127.0.0.1:" + socket.getLocalPort() + "'}) "
                                + "while true do end"))
                .isInstanceOf(Killed.class);
    }
}
