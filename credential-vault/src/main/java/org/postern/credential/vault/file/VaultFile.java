// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.kdbx.CompositeKey;
import org.postern.credential.vault.kdbx.Kdbx;
import org.postern.credential.vault.kdbx.UnreadableVaultException;
import org.postern.credential.vault.key.KeySource;
import org.postern.credential.vault.key.MasterKey;

/**
 * A vault on disk and where its key is.
 *
 * <p>Threading: safe for use by several threads and processes; changes are made one after the other.
 *
 * @param path the file
 * @param key where its master key is read from
 */
public record VaultFile(Path path, KeySource key) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** @throws NullPointerException if a part is missing */
    public VaultFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(key, "key");
    }

    /**
     * What is done to an opened vault.
     *
     * @param <R> what comes of it
     */
    @FunctionalInterface
    public interface Use<R> {

        /** @throws IOException if it cannot be done; a change is then not written */
        R on(VaultDocument document) throws IOException;
    }

    /**
     * Opens the vault, uses it and wipes what was decrypted.
     *
     * @throws IOException if the vault or its key is missing, unreadable, damaged or wrong; the text says which
     */
    public <R> R read(Use<R> use) throws IOException {
        try (MasterKey master = key.read();
                Opened opened = open(octets(path), master)) {
            return use.on(new VaultDocument(opened.kdbx().root()));
        }
    }

    /**
     * Opens the vault under its lock, changes it, notes the change in the audit log beside it and replaces the file.
     *
     * @param change what is done to which entries
     * @throws IOException as {@link #read}, or if the file or its audit log cannot be written; the vault then is as it was
     */
    public <R> R change(Change change, Use<R> use) throws IOException {
        return locked((real, lock) -> {
            // Read again under the lock: what another writer changed in the meantime must not be lost.
            try (MasterKey master = key.read();
                    Opened opened = open(octets(real), master)) {
                R result = use.on(new VaultDocument(opened.kdbx().root()));
                write(real, lock, change, opened.kdbx(), opened.reading());
                return result;
            }
        });
    }

    /**
     * Seals the vault with another key.
     *
     * @param other where the new key is read from
     * @return how the new key is stretched, for people
     * @throws IOException as {@link #change}, or if the new key cannot be read
     */
    public String rekey(KeySource other, Change change) throws IOException {
        return locked((real, lock) -> reseal(real, lock, other, change));
    }

    /**
     * Seals the vault with a new key file in the place of the old one. At every moment the vault opens with the file or
     * with the successor beside it, so a relay reads on, and a change that was cut off is completed by the next one.
     *
     * @param file the present key file
     * @param fresh content of the new one
     * @return how the new key is stretched, for people
     * @throws IOException as {@link #change}
     */
    public String rekey(KeySource.KeyFile file, byte[] fresh, Change change) throws IOException {
        Path present = file.path().toAbsolutePath();
        Path successor = file.successor().toAbsolutePath();
        return locked((real, lock) -> {
            finishRekey(present, successor);
            AtomicReplacement.create(successor, fresh);
            String derivation = reseal(real, lock, new KeySource.KeyFile(successor), change);
            AtomicReplacement.moveOver(successor, present);
            return derivation;
        });
    }

    private String reseal(Path real, VaultLock lock, KeySource other, Change change) throws IOException {
        try (MasterKey master = key.read();
                MasterKey replacement = other.read();
                Opened opened = open(octets(real), master)) {
            Kdbx resealed = opened.kdbx().forOtherKey(replacement.isRandom());
            write(real, lock, change, resealed, replacement.readings().getFirst());
            return resealed.derivation();
        }
    }

    private void finishRekey(Path present, Path successor) throws IOException {
        if (!Files.exists(successor)) {
            return;
        }
        try {
            new VaultFile(path, new KeySource.KeyFile(successor)).read(document -> null);
        } catch (UnreadableVaultException refused) {
            if (!refused.isWrongKey()) {
                throw refused;
            }
            Files.delete(successor);
            return;
        }
        AtomicReplacement.moveOver(successor, present);
    }

    private interface Locked<R> {
        R with(Path real, VaultLock lock) throws IOException;
    }

    private <R> R locked(Locked<R> work) throws IOException {
        return locked(existing(), work);
    }

    private static <R> R locked(Path file, Locked<R> work) throws IOException {
        VaultLock lock = VaultLock.acquire(file, PATIENCE);
        try {
            return work.with(file, lock);
        } finally {
            lock.close();
        }
    }

    private static void write(Path real, VaultLock lock, Change change, Kdbx kdbx, CompositeKey sealing)
            throws IOException {
        VaultDocument document = new VaultDocument(kdbx.root());
        document.nextGeneration();
        // First the log: a line without its change is told apart, a change without its line would not be.
        document.audited(AuditLog.of(real).append(change, document));
        AtomicReplacement.replace(real, kdbx.seal(sealing));
        lock.noteGeneration(document.generation());
    }

    /** The log of changes beside the vault. */
    public AuditLog auditLog() throws IOException {
        return AuditLog.of(existing());
    }

    /** The highest count of writes that was noted beside the vault; more than the vault's own means an older copy. */
    public long generationSeen() {
        try {
            return VaultLock.generationSeen(existing());
        } catch (IOException gone) {
            return 0;
        }
    }

    /**
     * Makes an empty vault sealed with the key that is there.
     *
     * @return how the key is stretched, for people
     * @throws FileAlreadyExistsException if the file is there
     */
    public String create(InstantSource clock) throws IOException {
        return locked(path.toAbsolutePath(), (absolute, lock) -> {
            try (MasterKey master = key.read();
                    Kdbx kdbx = fresh(master, clock)) {
                VaultDocument document = new VaultDocument(kdbx.root());
                document.nextGeneration();
                document.audited(
                        AuditLog.of(absolute).append(new Change("init", List.of(), clock.instant()), document));
                AtomicReplacement.create(absolute, kdbx.seal(master.readings().get(0)));
                lock.noteGeneration(document.generation());
                return kdbx.derivation();
            }
        });
    }

    /**
     * Writes a file that only its owner can read.
     *
     * @throws FileAlreadyExistsException if the file is there
     */
    public static void createPrivateFile(Path file, byte[] content) throws IOException {
        AtomicReplacement.create(file.toAbsolutePath(), content);
    }

    private static Kdbx fresh(MasterKey master, InstantSource clock) {
        var root = VaultDocument.empty("Postern", clock.instant());
        return master.isRandom() ? Kdbx.forRandomKey(root) : Kdbx.forPassphrase(root);
    }

    /** An opened vault and the reading of the key that opened it. */
    private record Opened(Kdbx kdbx, CompositeKey reading) implements AutoCloseable {

        @Override
        public void close() {
            kdbx.close();
        }
    }

    private Opened open(byte[] octets, MasterKey master) throws IOException {
        Iterator<CompositeKey> readings = master.readings().iterator();
        while (true) {
            CompositeKey reading = readings.next();
            try {
                return new Opened(Kdbx.open(octets, reading), reading);
            } catch (UnreadableVaultException unreadable) {
                if (!unreadable.isWrongKey() || !readings.hasNext()) {
                    throw unreadable.of(path, key.describe());
                }
            }
        }
    }

    private Path existing() throws IOException {
        if (!Files.exists(path)) {
            throw new UnreadableVaultException(
                    "vault " + path + " does not exist: make it with \"postern vault init --file " + path + "\"");
        }
        return path.toRealPath();
    }

    private byte[] octets(Path file) throws IOException {
        existing();
        if (!Files.isRegularFile(file)) {
            throw new UnreadableVaultException("vault " + path + " is not a file");
        }
        // Not an interruptible channel: a lookup that is given up must not look like a broken vault.
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] octets = in.readNBytes(Kdbx.LARGEST_FILE + 1);
            if (octets.length > Kdbx.LARGEST_FILE) {
                throw new UnreadableVaultException(
                        "vault " + path + " is larger than " + Kdbx.LARGEST_FILE + " octets");
            }
            return octets;
        } catch (UnreadableVaultException said) {
            throw said;
        } catch (IOException failed) {
            throw new IOException("vault " + path + " cannot be read: permission or input error");
        }
    }
}
