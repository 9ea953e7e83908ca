// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.key;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.Secret;

/** Where the master key is read from, each time the vault is opened. It names the place and never holds the key. */
public sealed interface KeySource {

    /** Octets that a key may have. */
    int LARGEST = 1024 * 1024;

    /**
     * Reads the key.
     *
     * @throws IOException if there is none, or its place is open to others; the text says what to do
     */
    MasterKey read() throws IOException;

    /** The file to watch for a change, where there is one. */
    Optional<Path> file();

    /** The place, for people. */
    String describe();

    /**
     * A file that only its owner can read.
     *
     * @param path the file
     */
    record KeyFile(Path path) implements KeySource {

        private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.OTHERS_WRITE);

        /**
         * Where a change of the key puts the new one before the vault is sealed with it. While it is there the vault may
         * be sealed with either, so that no moment of a change, and no power cut in it, leaves a vault without its key.
         */
        public Path successor() {
            return path.resolveSibling(path.getFileName() + ".next");
        }

        @Override
        public MasterKey read() throws IOException {
            MasterKey present = readOne();
            KeyFile next = new KeyFile(successor());
            if (!Files.exists(next.path())) {
                return present;
            }
            try {
                return present.or(next.readOne());
            } catch (IOException | RuntimeException unreadable) {
                present.close();
                throw unreadable;
            }
        }

        private MasterKey readOne() throws IOException {
            refuseOpenFile();
            return MasterKey.of(describe(), octets(path, describe()));
        }

        private void refuseOpenFile() throws IOException {
            if (!Files.isRegularFile(path) || !Files.getFileStore(path).supportsFileAttributeView("posix")) {
                return;
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (OTHERS.stream().anyMatch(permissions::contains)) {
                throw new MalformedKeyException(describe() + " is open to others than its owner ("
                        + PosixFilePermissions.toString(permissions) + "): chmod 600 " + path);
            }
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(path);
        }

        @Override
        public String describe() {
            return "key file " + path;
        }
    }

    /**
     * A passphrase that somebody typed; for commands, since a relay has nobody to ask.
     *
     * @param passphrase what was typed; whoever made this closes it
     */
    record Typed(Secret passphrase) implements KeySource {

        @Override
        public MasterKey read() throws IOException {
            return MasterKey.of(describe(), passphrase.reveal(octets -> octets.clone()));
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }

        @Override
        public String describe() {
            return "the passphrase typed";
        }
    }

    /**
     * A variable of the process's environment.
     *
     * @param name the variable
     * @param environment all of them
     */
    record KeyVariable(String name, Map<String, String> environment) implements KeySource {

        @Override
        public MasterKey read() throws IOException {
            String value = environment.get(name);
            if (value == null || value.isEmpty()) {
                throw new MalformedKeyException(describe() + " is not set");
            }
            return MasterKey.of(describe(), value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }

        @Override
        public String describe() {
            return "environment variable " + name;
        }

        /** Never the environment's values. */
        @Override
        public String toString() {
            return describe();
        }
    }

    /**
     * A credential that systemd hands to the service. Who may read it is systemd's business.
     *
     * @param name the credential's name, a plain file name
     * @param environment where systemd says which directory it made
     */
    record SystemdCredential(String name, Map<String, String> environment) implements KeySource {

        private static final String DIRECTORY = "CREDENTIALS_DIRECTORY";

        @Override
        public MasterKey read() throws IOException {
            if (name.contains("/") || name.equals("..") || name.equals(".")) {
                throw new MalformedKeyException(describe() + " must be a plain name, without directories");
            }
            Path path = file().orElseThrow(() -> new MalformedKeyException(describe() + " cannot be read: " + DIRECTORY
                    + " is not set; the service needs LoadCredential= or LoadCredentialEncrypted="));
            return MasterKey.of(describe(), octets(path, describe()));
        }

        @Override
        public Optional<Path> file() {
            return Optional.ofNullable(environment.get(DIRECTORY))
                    .map(directory -> Path.of(directory).resolve(name));
        }

        @Override
        public String describe() {
            return "systemd credential " + name;
        }

        /** Never the environment's values. */
        @Override
        public String toString() {
            return describe();
        }
    }

    private static byte[] octets(Path path, String place) throws IOException {
        if (!Files.exists(path)) {
            throw new MalformedKeyException(place + " does not exist");
        }
        if (!Files.isRegularFile(path)) {
            throw new MalformedKeyException(place + " is not a file");
        }
        // Not an interruptible channel: a lookup that is given up must not look like a broken key.
        try (InputStream in = new FileInputStream(path.toFile())) {
            byte[] octets = in.readNBytes(LARGEST + 1);
            if (octets.length > LARGEST) {
                Arrays.fill(octets, (byte) 0);
                throw new MalformedKeyException(place + " is larger than a key can be");
            }
            return octets;
        } catch (MalformedKeyException said) {
            throw said;
        } catch (IOException unreadable) {
            throw new MalformedKeyException(place + " cannot be read: permission or input error");
        }
    }
}
