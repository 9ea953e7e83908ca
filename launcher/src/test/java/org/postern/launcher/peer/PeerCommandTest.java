// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.launcher.Captured;
import org.postern.launcher.ExitCode;
import org.postern.launcher.Home;
import org.postern.launcher.Postern;

@Timeout(30)
class PeerCommandTest {

    private static final Pattern PLACE = Pattern.compile("127\\.0\\.0\\.1:(\\d+)\\.");

    @TempDir
    private Path directory;

    private Captured captured;

    @BeforeEach
    void capture() {
        captured = new Captured("");
    }

    private int run(String... arguments) {
        return new Postern(new Home(directory), captured.terminal(), Map.of()).run(arguments);
    }

    private Path dialogue(String text) throws Exception {
        return Files.writeString(directory.resolve("trial.dialogue"), text);
    }

    /** The greeting, and the reply to one line. */
    private static String said(int port, String line) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            String greeting = in.readLine();
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return greeting + " / " + in.readLine();
        }
    }

    @Test
    void playsAFileToOneClientAfterTheOtherAndShowsWhatIsSaid() throws Exception {
        Path file = dialogue("--- further connections\nS: 220 trial\nC: EHLO *\nS: 250 welcome\n");
        FutureTask<Integer> peer = new FutureTask<>(() -> run("peer", "--port", "0", file.toString()));
        Thread thread = Thread.ofVirtual().start(peer);
        Matcher place = PLACE.matcher("");
        await().until(() -> place.reset(captured.out()).find());
        int port = Integer.parseInt(place.group(1));
        assertThat(said(port, "EHLO first")).isEqualTo("220 trial / 250 welcome");
        assertThat(said(port, "EHLO second")).isEqualTo("220 trial / 250 welcome");
        assertThat(said(port, "HELO third")).isEqualTo("220 trial / null");
        await().untilAsserted(() -> assertThat(captured.out())
                .contains(
                        "[1] S: 220 trial",
                        "[2] C: EHLO second",
                        "trial.dialogue:3: connection 3",
                        "expected  C: EHLO *",
                        "came      C: HELO third"));
        thread.interrupt();
        assertThat(peer.get()).isEqualTo(ExitCode.OK);
    }

    @Test
    void namesTheLineThatIsNoDialogue() throws Exception {
        assertThat(run("peer", dialogue("S: 220 trial\nfrobnicate\n").toString()))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(captured.err()).startsWith("postern peer: trial.dialogue:2: ");
    }

    @Test
    void saysThatThereIsNoFile() {
        assertThat(run("peer", directory.resolve("none").toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(captured.err()).contains("none cannot be read (NoSuchFileException)");
    }

    @Test
    void saysThatTheFileIsNoText() throws Exception {
        Path file = Files.write(directory.resolve("odd"), new byte[] {(byte) 0xff, 0});
        assertThat(run("peer", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(captured.err()).contains("is no text in UTF-8");
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            assertThat(run("peer", "--port", port, dialogue("S: 220 trial\n").toString()))
                    .isEqualTo(ExitCode.CANNOT_START);
            assertThat(captured.err()).contains("port " + port + " of 127.0.0.1 is taken");
        }
    }

    @Test
    void refusesPortsThatThereAreNot() {
        assertThat(run("peer", "--port", "65536", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("--port takes a number from 0 to 65535");
    }
}
