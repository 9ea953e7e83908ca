// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders in the order in which they are asked. Where a secret is there and unusable, none after it is asked: what
 * lies there under the same name may be an older one.
 */
record SecretFolders(List<SecretFolder> folders) {

    SecretFolders {
        folders = List.copyOf(folders);
    }

    /** Looks for a secret; the key was found to be possible. */
    Sighting look(String key) {
        List<String> reasons = new ArrayList<>();
        for (SecretFolder folder : folders) {
            switch (folder.look(key)) {
                case Sighting.Nothing nothing -> reasons.add(nothing.reason());
                case Sighting.Parts parts -> {
                    return parts;
                }
                case Sighting.Trouble trouble -> {
                    return trouble;
                }
            }
        }
        return new Sighting.Nothing(
                reasons.isEmpty()
                        ? "there is no folder with secrets: Credential_File names none, and systemd made none"
                        : String.join("; ", reasons));
    }

    /**
     * Whether a look would show the same, found out with as few questions to the file system as will do: a part that comes
     * changes the time of its folder.
     */
    boolean wouldShow(Sighting sighting) {
        return sighting instanceof Sighting.Parts parts
                && parts.folder().equals(folders.getFirst())
                && Stream.concat(parts.folders().stream(), parts.files().values().stream())
                        .allMatch(Sighting.Seen::isUnchanged);
    }
}
