// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ControlSocketTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    // Directly below the temporary folder: the path of a socket must be short.
    private Path state;
    private VerbRunner verbs = (verb, arguments, in, out, err) -> {
        throw new AssertionError("no verb was to be run");
    };
    private ControlSocket socket;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void open() throws IOException {
        state = Files.createTempDirectory("pst");
        open(LONG);
    }

    private void open(Duration patience) throws IOException {
        socket = ControlSocket.open(
                state, (verb, arguments, in, out, err) -> verbs.run(verb, arguments, in, out, err), patience);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        Files.deleteIfExists(state.resolve("control"));
        Files.deleteIfExists(state);
    }

    private Ended run(String input, String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = List.of(words);
        int code = new ControlClient(
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8))
                .run(state, all.getFirst(), all.subList(1, all.size()));
        return new Ended(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(ControlSocket.in(state)));
        return channel;
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static int copy(InputStream in, OutputStream out) {
        try {
            in.transferTo(out);
            return 0;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void carriesArgumentsInputOutputsAndTheExitCode() throws Exception {
        verbs = (verb, arguments, in, out, err) -> {
            out.print(verb + " " + arguments + " ");
            copy(in, out);
            err.println("complaint");
            return 42;
        };
        assertThat(run("grüße", "say", "a b", "", "--x=1"))
                .isEqualTo(new Ended(42, "say [a b, , --x=1] grüße", "complaint\n"));
    }

    @Test
    void carriesMuchInBothDirections() throws Exception {
        verbs = (verb, arguments, in, out, err) -> copy(in, out);
        String much = "0123456789abcdef".repeat(100_000);
        assertThat(run(much, "echo").out()).isEqualTo(much);
    }

    @Test
    void readsNoInputThatTheVerbDoesNotAskFor() throws Exception {
        verbs = (verb, arguments, in, out, err) -> 0;
        InputStream untouchable = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("input was read");
            }
        };
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        assertThat(new ControlClient(untouchable, nowhere, nowhere).run(state, "quiet", List.of()))
                .isZero();
    }

    @Test
    void isOpenToItsOwnerAlone() throws Exception {
        assertThat(permissions(ControlSocket.in(state))).isEqualTo("rw-------");
        assertThat(permissions(state.resolve("control"))).isEqualTo("rwx------");
    }

    @Test
    void tightensAFolderThatStoodOpen() throws Exception {
        socket.close();
        Files.setPosixFilePermissions(state.resolve("control"), PosixFilePermissions.fromString("rwxrwxrwx"));
        open(LONG);
        assertThat(permissions(state.resolve("control"))).isEqualTo("rwx------");
    }

    @Test
    void followsNoLinkInPlaceOfTheFolder(@TempDir Path elsewhere) throws Exception {
        socket.close();
        Files.delete(state.resolve("control"));
        Files.createSymbolicLink(state.resolve("control"), elsewhere);
        assertThatThrownBy(() -> open(LONG)).isInstanceOf(IOException.class).hasMessageContaining("no directory");
    }

    @Test
    void takesThePlaceOfASocketThatIsLeftOver() throws Exception {
        socket.close();
        Files.writeString(ControlSocket.in(state), "left over");
        open(LONG);
        verbs = (verb, arguments, in, out, err) -> 7;
        assertThat(run("", "x").code()).isEqualTo(7);
    }

    /** What comes back, less the connection's end; a peer may close on what it has not read. */
    private int answerTo(byte[] said) throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap(said));
            return channel.read(ByteBuffer.allocate(100));
        } catch (IOException reset) {
            return -1;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "POSTERN\u0002", "EHLO client.example\r\n"})
    void answersOtherProtocolsWithNothing(String said) throws Exception {
        assertThat(answerTo(said.getBytes(UTF_8))).isNegative();
    }

    @Test
    void refusesRequestsWithoutBounds() throws Exception {
        ByteBuffer request = ByteBuffer.allocate(Wire.MAGIC.length + 8)
                .put(Wire.MAGIC)
                .putInt(1)
                .putInt(Integer.MAX_VALUE);
        assertThat(answerTo(request.array())).isNegative();
    }

    @Test
    void cutsOffWhoConnectsAndSaysNothing() throws Exception {
        socket.close();
        open(Duration.ofMillis(50));
        assertThat(answerTo(new byte[0])).isNegative();
        assertThat(answerTo(new byte[] {'P'})).isNegative();
    }

    @Test
    void interruptsAVerbThatNobodyWaitsForAnyMore() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        verbs = (verb, arguments, in, out, err) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stopped) {
                interrupted.countDown();
            }
            return 0;
        };
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.allocate(17)
                    .put(Wire.MAGIC)
                    .putInt(1)
                    .putInt(1)
                    .put((byte) 'x')
                    .flip());
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsAFewAtOnceAndTurnsTheRestAway() throws Exception {
        CountDownLatch all = new CountDownLatch(8);
        CountDownLatch end = new CountDownLatch(1);
        verbs = (verb, arguments, in, out, err) -> {
            all.countDown();
            try {
                end.await();
                return 0;
            } catch (InterruptedException stopped) {
                return 1;
            }
        };
        List<FutureTask<Ended>> eight = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FutureTask<Ended> one = new FutureTask<>(() -> run("", "wait"));
            eight.add(one);
            Thread.ofVirtual().start(one);
        }
        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        // More than once, because the relay may hang up before or after the request is written.
        for (int i = 0; i < 50; i++) {
            Ended ninth = run("", "wait", "x".repeat(i * 5_000));
            assertThat(ninth.code()).isEqualTo(1);
            assertThat(ninth.err()).contains("8 verbs are being run already");
        }
        end.countDown();
        for (FutureTask<Ended> one : eight) {
            assertThat(one.get(20, TimeUnit.SECONDS).code()).isZero();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> run("", "wait").code() == 0);
    }

    @Test
    void saysThatAVerbBrokeAndNotHow() throws Exception {
        verbs = (verb, arguments, in, out, err) -> {
            throw new IllegalStateException("hunter2");
        };
        Ended ended = run("", "break");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("verb break failed").doesNotContain("hunter2");
    }

    @Test
    void saysThatNoRelayRuns() {
        socket.close();
        assertThatThrownBy(() -> run("", "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no relay runs with state directory " + state);
    }

    @Test
    void saysThatTheRelayWentAway() {
        verbs = (verb, arguments, in, out, err) -> {
            socket.close();
            return 0;
        };
        assertThatThrownBy(() -> run("", "x")).isInstanceOf(IOException.class);
    }

    @Test
    void findsTheStateBesideAConfiguration() throws Exception {
        Path beside = Files.createTempDirectory("pst");
        Path moved = Files.createDirectory(beside.resolve("state"));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        try (ControlSocket other = ControlSocket.open(moved, (verb, arguments, in, out, err) -> 9)) {
            assertThat(other).isNotNull();
            assertThat(new ControlClient(InputStream.nullInputStream(), nowhere, nowhere).run(beside, "x", List.of()))
                    .isEqualTo(9);
        }
        Files.delete(moved.resolve("control"));
        Files.delete(moved);
        Files.delete(beside);
    }
}
