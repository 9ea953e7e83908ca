// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.postern.launcher.container.DropFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an instance's {@code bundles} folder is watched.
 *
 * @param watched the folder, if it is there and safe
 * @param note one line about it for the operator
 */
record DropFolderChoice(Optional<Path> watched, String note) {

    /** The artifact that watches. */
    static final String WATCHER = "org.apache.felix.fileinstall";

    private static final Logger LOG = LoggerFactory.getLogger(DropFolderChoice.class);

    static DropFolderChoice of(Path folder) {
        if (!Files.isDirectory(folder)) {
            return new DropFolderChoice(Optional.empty(), "none (make " + folder + " to drop bundles in)");
        }
        return objection(folder)
                .map(reason -> refused(folder, reason))
                .orElseGet(() -> new DropFolderChoice(Optional.of(folder), folder + ", watched"));
    }

    private static Optional<String> objection(Path folder) {
        try {
            return new DropFolder().objection(folder);
        } catch (IOException e) {
            return Optional.of("its permissions cannot be read: " + e.getMessage());
        }
    }

    private static DropFolderChoice refused(Path folder, String reason) {
        LOG.warn("{} is not watched, because others could run code in this process through it: {}", folder, reason);
        return new DropFolderChoice(Optional.empty(), folder + ", not watched: " + reason);
    }
}
