// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.control;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a relay that runs run a verb. */
public final class ControlClient {

    private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    /** Input is read only as far as the verb asks for it. */
    public ControlClient(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs a verb.
     *
     * @param state the relay's state directory, or the directory with its configuration where the state lies beside it
     * @return the verb's exit code
     * @throws IOException if no relay answers there, or it goes away; the message is for people
     */
    public int run(Path state, String verb, List<String> arguments) throws IOException {
        try (SocketChannel relay = connect(state)) {
            DataOutputStream to = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(relay)));
            List<String> words = new ArrayList<>(List.of(verb));
            words.addAll(arguments);
            request(to, words);
            return answer(new DataInputStream(new BufferedInputStream(Channels.newInputStream(relay))), to);
        } catch (EOFException gone) {
            throw new IOException("the relay ended before it had answered", gone);
        }
    }

    // A relay that turns a caller away says so and hangs up, perhaps before the request is written: what it said can be
    // read
    // all the same, and where it said nothing the reading tells.
    private static void request(DataOutputStream to, List<String> words) throws IOException {
        try {
            Wire.writeRequest(to, words);
        } catch (IOException hungUp) {
            LOG.debug("the relay hung up while it was being asked", hungUp);
        }
    }

    private static SocketChannel connect(Path state) throws IOException {
        Path direct = ControlSocket.in(state.toAbsolutePath().normalize());
        Path beside = ControlSocket.in(state.toAbsolutePath().normalize().resolve("state"));
        Path socket = Files.exists(direct) || !Files.exists(beside) ? direct : beside;
        if (!Files.exists(socket)) {
            throw new IOException(
                    "no relay runs with state directory " + state + ", or it is another user's: there is no " + socket);
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (ConnectException nobody) {
            channel.close();
            throw new IOException(
                    "no relay runs with state directory " + state + ": nobody answers at " + socket, nobody);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private int answer(DataInputStream from, DataOutputStream to) throws IOException {
        while (true) {
            byte kind = from.readByte();
            byte[] octets = Wire.exactly(from, Wire.within(from.readInt(), 0, Wire.FRAME, "octets in a frame"));
            switch (kind) {
                case Wire.OUT -> write(out, octets);
                case Wire.ERR -> write(err, octets);
                case Wire.WANT -> give(ByteBuffer.wrap(octets).getInt(), to);
                case Wire.EXIT -> {
                    return ByteBuffer.wrap(octets).getInt();
                }
                default -> throw new IOException("the relay speaks another version of this protocol");
            }
        }
    }

    private static void write(PrintStream stream, byte[] octets) {
        stream.write(octets, 0, octets.length);
        stream.flush();
    }

    private void give(int most, DataOutputStream to) throws IOException {
        byte[] piece = new byte[Wire.within(most, 1, Wire.FRAME, "octets wanted")];
        int length = Math.max(0, in.read(piece));
        to.writeInt(length);
        to.write(piece, 0, length);
        to.flush();
    }
}
