// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postern.credential.vault.Printable;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;

/**
 * Who changed which entry of a vault and when: a line of JSON for each change, never a secret. Each line holds the
 * SHA-256 of the one before, and the vault holds that of the last one, so that no line can be altered, taken out or cut
 * off without being missed.
 *
 * <p>Threading: used under the vault's lock.
 */
public final class AuditLog {

    private static final Pattern PREVIOUS = Pattern.compile("\"previous\":\"([0-9a-f]*)\"}$");

    private final Path file;

    private AuditLog(Path file) {
        this.file = file;
    }

    static AuditLog of(Path vault) {
        return new AuditLog(vault.resolveSibling(vault.getFileName() + ".audit"));
    }

    /** Where it is. */
    public Path file() {
        return file;
    }

    /** Adds a line and answers its hash. It is on the disk when this returns. */
    String append(Change change, VaultDocument changed) throws IOException {
        boolean fresh = Files.notExists(file);
        if (!fresh) {
            cutTornLine();
        }
        String line = line(change, changed, last().map(AuditLog::hash).orElse(""));
        try (FileChannel channel = fresh
                ? AtomicReplacement.createPrivate(file)
                : FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer left = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        } catch (IOException failed) {
            throw new IOException("the audit log " + file + " cannot be written, so nothing was changed", failed);
        }
        return hash(line);
    }

    // Half a line is what a power cut left of a change that was not made.
    private void cutTornLine() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            ByteBuffer octet = ByteBuffer.allocate(1);
            while (end > 0 && channel.read(octet.clear(), end - 1) == 1 && octet.get(0) != '\n') {
                end--;
            }
            channel.truncate(end);
        }
    }

    private static String line(Change change, VaultDocument changed, String previous) {
        return "{\"time\":" + Printable.json(change.when().toString())
                + ",\"by\":"
                + Printable.json(ProcessHandle.current().info().user().orElse("?"))
                + ",\"change\":" + Printable.json(change.verb())
                + ",\"entries\":" + entries(change, changed)
                + ",\"generation\":" + changed.generation()
                + ",\"previous\":\"" + previous + "\"}";
    }

    private static String entries(Change change, VaultDocument changed) {
        return change.keys().stream()
                .map(key -> "{\"key\":" + Printable.json(key) + ",\"version\":" + version(changed.entries(key)) + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String version(List<VaultEntry> found) {
        return found.isEmpty()
                ? "null"
                : Printable.json(found.getFirst().version().toString());
    }

    private Optional<String> last() throws IOException {
        return lines().reduce((earlier, later) -> later);
    }

    private java.util.stream.Stream<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).stream() : java.util.stream.Stream.empty();
    }

    /**
     * Whether every line follows from the one before, and the vault from the last.
     *
     * @param audited what the vault says that its last line is, if it says anything
     * @return what is wrong, as the rest of a sentence that begins with the log; nothing where all is well
     * @throws IOException if the log cannot be read
     */
    public Optional<String> verify(Optional<String> audited) throws IOException {
        List<String> all = lines().toList();
        String previous = "";
        int seen = audited.isEmpty() ? 0 : -1;
        for (int i = 0; i < all.size(); i++) {
            Matcher link = PREVIOUS.matcher(all.get(i));
            if (!link.find() || !link.group(1).equals(previous)) {
                return Optional.of("was altered: line " + (i + 1) + " does not follow from the one before");
            }
            previous = hash(all.get(i));
            seen = audited.filter(previous::equals).isPresent() ? i + 1 : seen;
        }
        if (seen < 0) {
            return Optional.of("lacks the line of the vault's last change");
        }
        return audited.isPresent() && seen < all.size() - 1
                ? Optional.of("goes on after the vault's last change: the vault is an older copy")
                : Optional.empty();
    }

    private static String hash(String line) {
        try {
            byte[] octets = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(octets);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java runtime has SHA-256", missing);
        }
    }
}
