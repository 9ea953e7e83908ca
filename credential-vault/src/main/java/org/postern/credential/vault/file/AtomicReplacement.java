// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that holds either its old content or its new one, whenever the power fails. What is written is readable by the
 * owner alone.
 */
final class AtomicReplacement {

    private AtomicReplacement() {}

    /**
     * Replaces a file, under its lock.
     *
     * @param file absolute, with links resolved
     */
    static void replace(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".postern-new");
        // What a writer left behind that was killed; the lock says that it is gone.
        Files.deleteIfExists(fresh);
        try {
            write(fresh, content);
            keepOwner(file, fresh);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(fresh);
            throw failed;
        }
        sync(file.getParent());
    }

    /**
     * Makes a file that must not be there yet.
     *
     * @throws java.nio.file.FileAlreadyExistsException if it is
     */
    static void create(Path file, byte[] content) throws IOException {
        write(file, content);
        sync(file.getParent());
    }

    /** Puts one file in the place of another of the same folder. */
    static void moveOver(Path fresh, Path old) throws IOException {
        keepOwner(old, fresh);
        Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE);
        sync(old.getParent());
    }

    static FileChannel createPrivate(Path file) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return FileChannel.open(file, options, ownerOnly(file));
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = createPrivate(file)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        } catch (java.nio.file.FileAlreadyExistsException notOurs) {
            throw notOurs;
        } catch (IOException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    // An administrator who changes a vault must not take it away from the account that the relay runs as.
    private static void keepOwner(Path old, Path fresh) throws IOException {
        PosixFileAttributeView to =
                Files.getFileAttributeView(fresh, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (to == null || !Files.exists(old)) {
            return;
        }
        PosixFileAttributes from = Files.readAttributes(old, PosixFileAttributes.class);
        PosixFileAttributes now = to.readAttributes();
        if (!from.owner().equals(now.owner())) {
            to.setGroup(from.group());
            to.setOwner(from.owner());
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) throws IOException {
        if (!Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
