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
     * Opens the vault under its lock, changes it and replaces the file.
     *
     * @throws IOException as {@link #read}, or if the file cannot be written; it then is as it was
     */
    public <R> R change(Use<R> use) throws IOException {
        Path real = existing();
        VaultLock lock = VaultLock.acquire(real, PATIENCE);
        try {
            return changeLocked(real, use);
        } finally {
            lock.close();
        }
    }

    // Read again under the lock: what another writer changed in the meantime must not be lost.
    private <R> R changeLocked(Path real, Use<R> use) throws IOException {
        try (MasterKey master = key.read();
                Opened opened = open(octets(real), master)) {
            R result = use.on(new VaultDocument(opened.kdbx().root()));
            AtomicReplacement.replace(real, opened.kdbx().seal(opened.reading()));
            return result;
        }
    }

    /**
     * Makes an empty vault sealed with the key that is there.
     *
     * @return how the key is stretched, for people
     * @throws FileAlreadyExistsException if the file is there
     */
    public String create(InstantSource clock) throws IOException {
        Path absolute = path.toAbsolutePath();
        try (MasterKey master = key.read();
                Kdbx kdbx = fresh(master, clock)) {
            AtomicReplacement.create(absolute, kdbx.seal(master.readings().get(0)));
            return kdbx.derivation();
        }
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
