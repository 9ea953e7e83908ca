// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the file system shows of a secret, without its content. */
sealed interface Sighting {

    /**
     * A file.
     *
     * @param path where it was found; perhaps a link
     * @param identity of what it leads to
     */
    record Seen(Path path, FileIdentity identity) {

        boolean isUnchanged() {
            try {
                return FileIdentity.of(path).filter(identity::equals).isPresent();
            } catch (IOException unclear) {
                return false;
            }
        }
    }

    /**
     * The secret is there.
     *
     * @param folder the configured folder that it was found in
     * @param folders the folders on the way, the configured one first
     * @param files its parts; the password is among them
     */
    record Parts(SecretFolder folder, List<Seen> folders, Map<Part, Seen> files) implements Sighting {}

    /**
     * It is not there.
     *
     * @param reason for people
     */
    record Nothing(String reason) implements Sighting {}

    /**
     * It cannot be told.
     *
     * @param reason for people
     */
    record Trouble(String reason) implements Sighting {}
}
