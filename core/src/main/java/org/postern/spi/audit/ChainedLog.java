// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.annotation.versioning.ProviderType;
import org.postern.spi.text.Printable;

/**
 * A file of JSON objects (RFC 8259), one in a line, each of which ends with the SHA-256 of the line before. A line that is
 * altered, taken out or put elsewhere is found by {@link ChainVerification}. Lines that are cut off at the end are found only
 * by somebody who kept the hash of the last one.
 *
 * <p>The file is made for its owner alone and only ever appended to. Half a line, as a power cut leaves it, is cut off when
 * the file is opened.
 *
 * <p>Threading: for one thread. A file has one writer; a second one is turned away.
 */
@ProviderType
public final class ChainedLog implements AutoCloseable {

    private static final Pattern PREVIOUS = Pattern.compile("\"previous\":\"([0-9a-f]*)\"}$");
    private static final int BLOCK = 8_192;

    private final FileChannel channel;
    private String head;

    private ChainedLog(FileChannel channel, String head) {
        this.channel = channel;
        this.head = head;
    }

    /**
     * Opens a log, or begins one.
     *
     * @param head the hash that a file without lines begins with: of the last line of the file that it continues, or empty
     * @throws IOException if it cannot be read or written
     */
    public static ChainedLog open(Path file, String head) throws IOException {
        boolean fresh = Files.notExists(file);
        FileChannel channel = FileChannel.open(
                file,
                Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                forOwner(file));
        try {
            lock(channel, file);
            if (fresh) {
                forceDirectory(file);
            }
            cutTornLine(channel);
            Optional<String> last = lastLine(channel);
            channel.position(channel.size());
            return new ChainedLog(channel, last.map(ChainedLog::hash).orElse(head));
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException here) {
            // The same answer as for another process.
        }
        throw new IOException(file + " is being written by somebody else");
    }

    // Without this a power cut may take the whole new file, though its content was forced.
    private static void forceDirectory(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static FileAttribute<?>[] forOwner(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Adds a line; {@link #force} puts it on the disk. If that fails, the file is as it was before.
     *
     * @param members of the object, without braces and without {@code previous}; of one line
     * @return the hash of the line
     * @throws IOException if it cannot be written
     */
    public String append(String members) throws IOException {
        if (members.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line of a log has no line end in it");
        }
        String line = "{" + members + ",\"previous\":\"" + head + "\"}";
        long before = channel.size();
        try {
            ByteBuffer left = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (left.hasRemaining()) {
                channel.write(left);
            }
        } catch (IOException failed) {
            channel.truncate(before);
            throw failed;
        }
        head = hash(line);
        return head;
    }

    /** Puts everything on the disk that was appended. */
    public void force() throws IOException {
        channel.force(true);
    }

    /** The hash of the last line. */
    public String head() {
        return head;
    }

    /** How many octets there are. */
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** A string of JSON with its quotes, on one line whatever is in it, and harmless on a terminal. */
    public static String json(String text) {
        return Printable.json(text);
    }

    /** What the line says of the one before; nothing if it is no line of such a log. */
    static Optional<String> previous(String line) {
        Matcher link = PREVIOUS.matcher(line);
        return link.find() ? Optional.of(link.group(1)) : Optional.empty();
    }

    static String hash(String line) {
        try {
            byte[] octets = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(octets);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java runtime has SHA-256", missing);
        }
    }

    private static void cutTornLine(FileChannel channel) throws IOException {
        long end = lastLineEnd(channel, channel.size());
        if (end < channel.size()) {
            channel.truncate(end);
        }
    }

    private static Optional<String> lastLine(FileChannel channel) throws IOException {
        long end = channel.size();
        if (end == 0) {
            return Optional.empty();
        }
        long begin = lastLineEnd(channel, end - 1);
        ByteBuffer line = ByteBuffer.allocate(Math.toIntExact(end - 1 - begin));
        while (line.hasRemaining() && channel.read(line, begin + line.position()) >= 0) {}
        return Optional.of(new String(line.array(), StandardCharsets.UTF_8));
    }

    /** Behind the last line end before this place; 0 if there is none. From the end, for a log may be large. */
    private static long lastLineEnd(FileChannel channel, long before) throws IOException {
        long end = before;
        while (end > 0) {
            int size = (int) Math.min(BLOCK, end);
            ByteBuffer block = ByteBuffer.allocate(size);
            while (block.hasRemaining() && channel.read(block, end - size + block.position()) >= 0) {}
            for (int i = size - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return end - size + i + 1;
                }
            }
            end -= size;
        }
        return 0;
    }
}
