// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

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
import java.util.Set;
import org.postern.spi.credential.Secret;

/** Where the secret lies that proves to the server who asks. Read for each login, because others replace it. */
public sealed interface BootstrapSecret {

    /** The longest that is read, in octets. */
    int LARGEST = 64 * 1024;

    /**
     * Reads it, without the white space around it.
     *
     * @return the secret, visible ASCII characters only; the caller's to close
     * @throws IOException if there is none, or its place is open to others; the text says what to do
     */
    Secret read() throws IOException;

    /** The place, for people. */
    String describe();

    /**
     * A file.
     *
     * @param path the file
     * @param ownerOnly whether it is refused where others than its owner may read or write it
     */
    record InFile(Path path, boolean ownerOnly) implements BootstrapSecret {

        private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.OTHERS_WRITE);

        @Override
        public Secret read() throws IOException {
            if (ownerOnly) {
                refuseOpenFile();
            }
            return BootstrapSecret.read(path, describe());
        }

        private void refuseOpenFile() throws IOException {
            if (!Files.isRegularFile(path) || !Files.getFileStore(path).supportsFileAttributeView("posix")) {
                return;
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (OTHERS.stream().anyMatch(permissions::contains)) {
                throw new IOException(describe() + " is open to others than its owner ("
                        + PosixFilePermissions.toString(permissions) + "): chmod 600 " + path);
            }
        }

        @Override
        public String describe() {
            return "file " + path;
        }
    }

    /**
     * A variable of the process's environment.
     *
     * @param name the variable
     * @param environment all of them
     */
    record InVariable(String name, Map<String, String> environment) implements BootstrapSecret {

        @Override
        public Secret read() throws IOException {
            String value = environment.get(name);
            if (value == null) {
                throw new IOException(describe() + " is not set");
            }
            return BootstrapSecret.checked(value.getBytes(StandardCharsets.UTF_8), describe());
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
    record InSystemdCredential(String name, Map<String, String> environment) implements BootstrapSecret {

        private static final String DIRECTORY = "CREDENTIALS_DIRECTORY";

        @Override
        public Secret read() throws IOException {
            if (name.contains("/") || name.equals("..") || name.equals(".")) {
                throw new IOException(describe() + " must be a plain name, without directories");
            }
            String directory = environment.get(DIRECTORY);
            if (directory == null) {
                throw new IOException(describe() + " cannot be read: " + DIRECTORY
                        + " is not set; the service needs LoadCredential= or LoadCredentialEncrypted=");
            }
            return BootstrapSecret.read(Path.of(directory).resolve(name), describe());
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

    private static Secret read(Path path, String place) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(place + (Files.exists(path) ? " is not a file" : " does not exist"));
        }
        // Not an interruptible channel: a login that is given up must not look like a broken file.
        try (InputStream in = new FileInputStream(path.toFile())) {
            return checked(in.readNBytes(LARGEST + 1), place);
        } catch (UnfitException said) {
            throw said;
        } catch (IOException unreadable) {
            throw new IOException(place + " cannot be read: permission or input error");
        }
    }

    /** Takes the octets over and wipes them. */
    private static Secret checked(byte[] octets, String place) throws UnfitException {
        try {
            int from = 0;
            int to = octets.length;
            while (from < to && octets[from] <= ' ' && octets[from] >= 0) {
                from++;
            }
            while (to > from && octets[to - 1] <= ' ' && octets[to - 1] >= 0) {
                to--;
            }
            if (from == to) {
                throw new UnfitException(place + " is empty");
            }
            if (octets.length > LARGEST) {
                throw new UnfitException(place + " is larger than " + LARGEST + " octets");
            }
            // What goes into a header must not be able to end it; a client library would quote it in its complaint.
            for (int i = from; i < to; i++) {
                if (octets[i] <= ' ' || octets[i] == 127) {
                    throw new UnfitException(place + " holds something else than a token: a line end, a space or a"
                            + " character beyond ASCII inside");
                }
            }
            byte[] inner = Arrays.copyOfRange(octets, from, to);
            Secret secret = Secret.copyOf(inner);
            Arrays.fill(inner, (byte) 0);
            return secret;
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    /** It is there and cannot be used. */
    final class UnfitException extends IOException {

        private static final long serialVersionUID = 1L;

        private UnfitException(String message) {
            super(message);
        }
    }
}
