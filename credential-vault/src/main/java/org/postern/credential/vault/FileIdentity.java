// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.spi.credential.Octets;

/**
 * What tells one state of a file from another: the real path, the attributes, and the first octets. Of a vault these
 * hold seeds that every rewrite changes, so that a replacement within one tick of the clock is noticed too.
 *
 * @param attributes text of what the file system says; empty where there is no such file
 * @param beginning the first octets
 */
record FileIdentity(String attributes, Octets beginning) {

    private static final int BEGINNING = 512;
    private static final FileIdentity NOTHING = new FileIdentity("", Octets.EMPTY);

    static FileIdentity ofVault(Path file) {
        return of(file, true);
    }

    /** Without the beginning: of a key file nothing may stay in memory. */
    static FileIdentity ofKey(Optional<Path> file) {
        return file.map(path -> of(path, false)).orElse(NOTHING);
    }

    private static FileIdentity of(Path file, boolean withBeginning) {
        try {
            Path real = file.toRealPath();
            return new FileIdentity(real + " " + attributes(real), withBeginning ? beginning(real) : Octets.EMPTY);
        } catch (IOException gone) {
            return new FileIdentity(gone.getClass().getSimpleName(), Octets.EMPTY);
        }
    }

    private static Map<String, Object> attributes(Path real) throws IOException {
        boolean unix = real.getFileSystem().supportedFileAttributeViews().contains("unix");
        String wanted = unix ? "unix:ino,dev,size,lastModifiedTime,ctime,mode" : "size,lastModifiedTime,fileKey";
        return new TreeMap<>(Files.readAttributes(real, wanted));
    }

    private static Octets beginning(Path real) throws IOException {
        if (!Files.isRegularFile(real)) {
            return Octets.EMPTY;
        }
        try (InputStream in = new FileInputStream(real.toFile())) {
            return Octets.wrap(in.readNBytes(BEGINNING));
        }
    }
}
