// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A message as it came on standard input: its header in memory, where it can be completed, and its body in a file that
 * only this user can read, since it may be of any size. LF becomes CRLF; a CR without LF stays what it is, for the relay
 * to refuse.
 */
final class Letter implements Content, AutoCloseable {

    private static final int LARGEST_HEADER = 1 << 20;

    private final MessageHeader header = new MessageHeader();
    private final Path body;
    private final boolean dotEnds;
    private long bodySize;
    private boolean eightBit;

    private Letter(Path body, boolean dotEnds) {
        this.body = body;
        this.dotEnds = dotEnds;
    }

    /**
     * Reads a message.
     *
     * @param dotEnds whether a line of one dot is the end, as it is where somebody types
     * @throws SendException if its header is too large
     */
    static Letter read(InputStream in, boolean dotEnds) throws IOException, SendException {
        Letter letter = new Letter(Files.createTempFile("postern-send", ".eml"), dotEnds);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(letter.body))) {
            letter.readAll(new BufferedInputStream(in), out);
        } catch (IOException | SendException | RuntimeException e) {
            letter.close();
            throw e;
        }
        return letter;
    }

    MessageHeader header() {
        return header;
    }

    private void readAll(InputStream in, OutputStream out) throws IOException, SendException {
        int headerSize = 0;
        boolean first = true;
        for (byte[] line = line(in); line != null; line = line(in)) {
            String text = new String(line, StandardCharsets.ISO_8859_1);
            headerSize += line.length;
            if (headerSize > LARGEST_HEADER) {
                throw new SendException(SysExit.DATAERR, "the header is larger than " + LARGEST_HEADER + " octets");
            }
            boolean envelopeLine = first && text.startsWith("From ");
            first = false;
            if (envelopeLine) {
                continue;
            }
            if (!header.take(text)) {
                beginBody(text, line, in, out);
                return;
            }
        }
    }

    /** After the empty line; or at once, where there is no header at all. */
    private void beginBody(String text, byte[] line, InputStream in, OutputStream out) throws IOException {
        if (!text.isEmpty()) {
            if (dotEnds && text.equals(".")) {
                return;
            }
            writeLine(line, out);
        }
        for (byte[] next = line(in); next != null; next = line(in)) {
            if (dotEnds && next.length == 1 && next[0] == '.') {
                return;
            }
            writeLine(next, out);
        }
    }

    private void writeLine(byte[] line, OutputStream out) throws IOException {
        out.write(line);
        out.write(new byte[] {'\r', '\n'});
        bodySize += line.length + 2;
        for (byte octet : line) {
            eightBit |= octet < 0;
        }
    }

    /** The next line without its end; null at the end. */
    private static byte[] line(InputStream in) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (octet >= 0 && octet != '\n') {
            line.write(octet);
            octet = in.read();
        }
        byte[] octets = line.toByteArray();
        boolean carriageReturn = octet == '\n' && octets.length > 0 && octets[octets.length - 1] == '\r';
        return carriageReturn ? Arrays.copyOf(octets, octets.length - 1) : octets;
    }

    @Override
    public InputStream open() throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(head()), Files.newInputStream(body));
    }

    private byte[] head() {
        return header.text().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public long size() {
        return head().length + bodySize;
    }

    @Override
    public boolean eightBit() {
        return eightBit || header.text().chars().anyMatch(c -> c > 0x7f);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(body);
    }
}
