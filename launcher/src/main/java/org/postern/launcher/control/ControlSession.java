// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.control;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer. */
final class ControlSession {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSession.class);
    private static final byte[] END = new byte[0];

    private final SocketChannel peer;
    private final VerbRunner verbs;
    private final Duration patience;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final LinkedBlockingQueue<byte[]> input = new LinkedBlockingQueue<>();

    ControlSession(SocketChannel peer, VerbRunner verbs, Duration patience) {
        this.peer = peer;
        this.verbs = verbs;
        this.patience = patience;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(peer)));
        this.out = stream(peer);
    }

    private static DataOutputStream stream(SocketChannel peer) {
        return new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(peer)));
    }

    static void refuse(SocketChannel peer, String reason) throws IOException {
        DataOutputStream out = stream(peer);
        byte[] text = ("postern: " + reason + "\n").getBytes(StandardCharsets.UTF_8);
        Wire.writeFrame(out, Wire.ERR, text, 0, text.length);
        exit(out, 1);
    }

    private static void exit(DataOutputStream out, int code) throws IOException {
        Wire.writeFrame(
                out, Wire.EXIT, ByteBuffer.allocate(Integer.BYTES).putInt(code).array(), 0, Integer.BYTES);
    }

    void run() throws IOException {
        List<String> words = request();
        LOG.info("verb {} is run for an operator", words.getFirst());
        Thread verb = Thread.currentThread();
        Thread.ofVirtual().name("postern-control-input").start(() -> readInput(verb));
        try (PrintStream stdout = print(Wire.OUT);
                PrintStream stderr = print(Wire.ERR)) {
            int code = run(words.getFirst(), words.subList(1, words.size()), stdout, stderr);
            stdout.flush();
            stderr.flush();
            exit(out, code);
        }
    }

    private int run(String verb, List<String> arguments, PrintStream stdout, PrintStream stderr) {
        try {
            return verbs.run(verb, List.copyOf(arguments), new Input(), stdout, stderr);
        } catch (RuntimeException | LinkageError broken) {
            LOG.error("verb {} failed", verb, broken);
            stderr.println("postern: verb " + verb + " failed; the log of the relay says how");
            return 1;
        }
    }

    // A channel knows no time limit for reading; whoever connects and says nothing is cut off here.
    private List<String> request() throws IOException {
        CountDownLatch read = new CountDownLatch(1);
        Thread.ofVirtual().name("postern-control-watch").start(() -> closeUnless(read));
        try {
            return Wire.readRequest(in);
        } finally {
            read.countDown();
        }
    }

    private void closeUnless(CountDownLatch read) {
        try {
            if (!read.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                peer.close();
            }
        } catch (InterruptedException | IOException done) {
            LOG.debug("control socket: {}", done.toString());
        }
    }

    /** Until the peer goes: then nobody wants the verb's work any more. */
    private void readInput(Thread verb) {
        try {
            while (true) {
                int length = Wire.within(in.readInt(), 0, Wire.FRAME, "octets of input");
                input.add(length == 0 ? END : Wire.exactly(in, length));
            }
        } catch (IOException gone) {
            input.add(END);
            if (peer.isOpen()) {
                verb.interrupt();
            }
        }
    }

    private PrintStream print(byte kind) {
        return new PrintStream(
                new BufferedOutputStream(
                        new OutputStream() {

                            @Override
                            public void write(int octet) throws IOException {
                                write(new byte[] {(byte) octet}, 0, 1);
                            }

                            @Override
                            public void write(byte[] octets, int from, int length) throws IOException {
                                for (int at = 0; at < length; at += Wire.FRAME) {
                                    Wire.writeFrame(out, kind, octets, from + at, Math.min(Wire.FRAME, length - at));
                                }
                            }
                        },
                        Wire.FRAME),
                true,
                StandardCharsets.UTF_8);
    }

    /** Asks the peer for input only when the verb does, so that nothing is read off a terminal that nobody wanted. */
    private final class Input extends InputStream {

        private byte[] piece = END;
        private int at;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == piece.length && !more(length)) {
                return -1;
            }
            int count = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, target, from, count);
            at += count;
            return count;
        }

        private boolean more(int wanted) throws IOException {
            if (ended) {
                return false;
            }
            byte[] most = ByteBuffer.allocate(Integer.BYTES)
                    .putInt(Math.min(Wire.FRAME, wanted))
                    .array();
            Wire.writeFrame(out, Wire.WANT, most, 0, most.length);
            try {
                piece = input.take();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IOException("the operator is gone", stopped);
            }
            at = 0;
            ended = piece.length == 0;
            return !ended;
        }
    }
}
