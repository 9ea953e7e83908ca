// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder whose jars become bundles. Whoever can write there runs code in this process, so it is watched only if
 * nobody but the process's own user and root can put a file into it or exchange it for another: the folder, what lies
 * in it and every directory above belong to one of the two, and neither group nor others may write. A directory above
 * may be open to all if it is sticky, as {@code /tmp} is: nobody can exchange what belongs to another there.
 */
public final class DropFolder {

    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final long ROOT = 0;

    private final long self;

    /** For the user that this process runs as. */
    public DropFolder() throws IOException {
        this(ownUid());
    }

    DropFolder(long self) {
        this.self = self;
    }

    /**
     * Says why a folder must not be watched.
     *
     * @param folder an existing directory
     * @return the reason, or nothing if it is safe
     * @throws IOException if the permissions cannot be read
     */
    public Optional<String> objection(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        if (!Files.getFileStore(absolute).supportsFileAttributeView("posix")) {
            return Optional.of(absolute + " is on a file system without owners and permissions");
        }
        if (Files.isSymbolicLink(absolute)) {
            return Optional.of(absolute + " is a symbolic link");
        }
        return firstObjection(absolute);
    }

    private Optional<String> firstObjection(Path folder) throws IOException {
        Optional<String> own = objectionTo(folder, false);
        if (own.isPresent()) {
            return own;
        }
        for (Path above : above(folder)) {
            Optional<String> objection = objectionTo(above, true);
            if (objection.isPresent()) {
                return objection;
            }
        }
        return objectionToContent(folder);
    }

    /** Both ways up: as written, where links could be exchanged, and as resolved, where directories could. */
    private static List<Path> above(Path folder) throws IOException {
        List<Path> above = new ArrayList<>();
        for (Path start : List.of(folder, folder.toRealPath())) {
            for (Path parent = start.getParent(); parent != null; parent = parent.getParent()) {
                above.add(parent);
            }
        }
        return above;
    }

    private Optional<String> objectionTo(Path path, boolean stickyWillDo) throws IOException {
        long owner = owner(path);
        if (owner != self && owner != ROOT) {
            return Optional.of(path + " belongs to another user");
        }
        int mode = mode(path);
        boolean excused = stickyWillDo && (mode & STICKY) != 0;
        if ((mode & GROUP_OR_OTHERS_WRITE) != 0 && !excused) {
            return Optional.of(path + " is writable by others than its owner (chmod go-w)");
        }
        return Optional.empty();
    }

    private Optional<String> objectionToContent(Path folder) throws IOException {
        Path real = folder.toRealPath();
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            for (Path file : content) {
                if (leadsOut(file, real)) {
                    return Optional.of(file + " is a symbolic link that leads out of the folder");
                }
                Optional<String> objection = objectionTo(file, false);
                if (objection.isPresent()) {
                    return objection;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean leadsOut(Path file, Path realFolder) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return false;
        }
        return !Files.exists(file) || !file.toRealPath().startsWith(realFolder);
    }

    private static long owner(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:uid")).longValue();
    }

    private static int mode(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:mode")).intValue();
    }

    /** The JDK does not tell the effective user, but a file made by this process does. */
    private static long ownUid() throws IOException {
        Path probe = Files.createTempFile("postern", ".uid");
        try {
            return ((Number) Files.getAttribute(probe, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
        } finally {
            Files.delete(probe);
        }
    }
}
