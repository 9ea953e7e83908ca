// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Who may read a secret, and with that what the permissions of its file and folder may be. */
enum Readers {
    /** Nobody but the owner, and root. */
    OWNER(0077, 0022),
    /** The owner's group too: how Kubernetes hands files to an account with {@code fsGroup}. */
    GROUP(0037, 0002);

    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 0777;
    private static final int ROOT = 0;
    private static final OptionalInt SELF = self();

    private final int refusedOnFiles;
    private final int refusedOnFolders;

    Readers(int refusedOnFiles, int refusedOnFolders) {
        this.refusedOnFiles = refusedOnFiles;
        this.refusedOnFolders = refusedOnFolders;
    }

    /** What is wrong with a file, in words that follow its name. */
    Optional<String> objectionTo(FileIdentity file) {
        if (!file.isFile()) {
            return Optional.of("is not a regular file");
        }
        if (file.mode().isEmpty()) {
            return Optional.empty();
        }
        int mode = file.mode().getAsInt();
        if ((mode & refusedOnFiles) != 0) {
            return Optional.of("is open to others (mode " + octal(mode) + "): chmod "
                    + octal(mode & PERMISSIONS & ~refusedOnFiles)
                    + (this == OWNER && (mode & GROUP.refusedOnFiles) == 0
                            ? ", or Readable_By = group if its group is meant to read it"
                            : ""));
        }
        return ownerObjection(file);
    }

    /** What is wrong with a folder: who may write to it can put another file in a secret's place. */
    Optional<String> objectionToFolder(FileIdentity folder) {
        if (folder.mode().isEmpty()) {
            return Optional.empty();
        }
        int mode = folder.mode().getAsInt();
        // In a sticky folder, such as the root of a volume in Kubernetes, nobody replaces what belongs to others.
        if ((mode & refusedOnFolders) != 0 && (mode & STICKY) == 0) {
            return Optional.of("can be written to by others (mode " + octal(mode) + "): chmod "
                    + octal(mode & PERMISSIONS & ~refusedOnFolders));
        }
        return ownerObjection(folder);
    }

    private static Optional<String> ownerObjection(FileIdentity what) {
        int owner = what.owner().orElse(ROOT);
        return owner == ROOT || SELF.isEmpty() || owner == SELF.getAsInt()
                ? Optional.empty()
                : Optional.of("belongs to account " + owner + ", which is neither root nor the account of Postern ("
                        + SELF.getAsInt() + ")");
    }

    private static String octal(int mode) {
        return String.format(Locale.ROOT, "%04o", mode & (PERMISSIONS | STICKY));
    }

    /** The account that this process runs under, where Linux says so: in a container it need not have a name. */
    private static OptionalInt self() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> line.split("\\s+")[2])
                    .mapToInt(Integer::parseUnsignedInt)
                    .findFirst();
        } catch (IOException | RuntimeException elsewhere) {
            return OptionalInt.empty();
        }
    }
}
