// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.spi.audit.ChainVerification;
import org.postern.spi.audit.ChainedLog;

/**
 * Who changed which entry of a vault and when: a line of JSON for each change, never a secret. Each line holds the
 * SHA-256 of the one before, and the vault holds that of the last one, so that no line can be altered, taken out or cut
 * off without being missed.
 *
 * <p>Threading: used under the vault's lock.
 */
public final class AuditLog {

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
        try (ChainedLog log = ChainedLog.open(file, "")) {
            String head = log.append(members(change, changed));
            log.force();
            return head;
        } catch (IOException failed) {
            throw new IOException("the audit log " + file + " cannot be written, so nothing was changed", failed);
        }
    }

    private static String members(Change change, VaultDocument changed) {
        return "\"time\":" + ChainedLog.json(change.when().toString())
                + ",\"by\":"
                + ChainedLog.json(ProcessHandle.current().info().user().orElse("?"))
                + ",\"change\":" + ChainedLog.json(change.verb())
                + ",\"entries\":" + entries(change, changed)
                + ",\"generation\":" + changed.generation();
    }

    private static String entries(Change change, VaultDocument changed) {
        Map<String, List<VaultEntry>> entries = changed.entriesByTitle();
        return change.keys().stream()
                .map(key -> "{\"key\":" + ChainedLog.json(key) + ",\"version\":"
                        + version(entries.getOrDefault(key, List.of())) + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String version(List<VaultEntry> found) {
        return found.isEmpty()
                ? "null"
                : ChainedLog.json(found.getFirst().version().toString());
    }

    /**
     * Whether every line follows from the one before, and the vault from the last.
     *
     * @param audited what the vault says that its last line is, if it says anything
     * @return what is wrong, as the rest of a sentence that begins with the log; nothing where all is well
     * @throws IOException if the log cannot be read
     */
    public Optional<String> verify(Optional<String> audited) throws IOException {
        if (Files.notExists(file)) {
            return audited.map(lost -> "is not there");
        }
        ChainVerification found = ChainVerification.of(file, Optional.of(""), audited);
        if (found.wrong().isPresent() || audited.isEmpty()) {
            return found.wrong();
        }
        if (found.noted().isEmpty()) {
            return Optional.of("lacks the line of the vault's last change");
        }
        // A line more is that of a change that was cut off before the vault was replaced.
        return found.noted().get() < found.lines() - 1
                ? Optional.of("goes on after the vault's last change: the vault is an older copy")
                : Optional.empty();
    }
}
