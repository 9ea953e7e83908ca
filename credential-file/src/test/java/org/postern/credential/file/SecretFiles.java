// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Writes secrets as operators and Kubernetes do. */
final class SecretFiles {

    private static final AtomicLong PROJECTIONS = new AtomicLong();

    private SecretFiles() {}

    /** A file with mode 0600, its folders made. */
    static Path write(Path file, byte[] content) throws IOException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException there) {
            // Written over, as an editor may.
        }
        return Files.write(file, content);
    }

    static Path write(Path file, String content) throws IOException {
        return write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts files into a volume as the kubelet does: into a folder of their own, which a link is then moved to. */
    static void project(Path volume, Map<String, String> files) throws IOException {
        Path data = volume.resolve("..data");
        Path fresh = volume.resolve("..2026_11_27_03_08_53." + PROJECTIONS.incrementAndGet());
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(fresh.resolve(file.getKey()), file.getValue());
        }
        Path old = Files.isSymbolicLink(data) ? volume.resolve(Files.readSymbolicLink(data)) : fresh;
        Files.createSymbolicLink(volume.resolve("..data_tmp"), fresh.getFileName());
        Files.move(
                volume.resolve("..data_tmp"),
                data,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        for (String name : files.keySet()) {
            if (!Files.isSymbolicLink(volume.resolve(name))) {
                Files.createSymbolicLink(volume.resolve(name), Path.of("..data", name));
            }
        }
        if (!old.equals(fresh)) {
            delete(old);
        }
    }

    /** Deletes a file, or a folder with what is in it. */
    static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
