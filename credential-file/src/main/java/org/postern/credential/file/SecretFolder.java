// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.spi.text.Printable;

/**
 * A folder that secrets lie in.
 *
 * @param path absolute
 * @param readers who may read what is in it
 * @param required whether it is missed when it is not there
 */
record SecretFolder(Path path, Readers readers, boolean required) {

    /** Looks for a secret; the key was found to be possible. */
    Sighting look(String key) {
        try {
            Optional<FileIdentity> self = FileIdentity.of(path);
            if (self.isEmpty() || !self.get().isFolder()) {
                String reason = "folder " + path + (self.isEmpty() ? " does not exist" : " is not a folder");
                return required ? new Sighting.Trouble(reason) : new Sighting.Nothing(reason);
            }
            return look(key, new Sighting.Seen(path, self.get()));
        } catch (IOException failed) {
            return new Sighting.Trouble(path.resolve(key) + " cannot be looked at: "
                    + failed.getClass().getSimpleName());
        }
    }

    private Sighting look(String key, Sighting.Seen self) throws IOException {
        Path base = path.resolve(key);
        Optional<FileIdentity> found = FileIdentity.of(base);
        if (found.isEmpty()) {
            return new Sighting.Nothing("no file or folder " + Printable.quoted(key) + " in " + path);
        }
        boolean whole = found.get().isFolder();
        List<Sighting.Seen> folders = new ArrayList<>(List.of(self));
        if (whole) {
            folders.add(new Sighting.Seen(base, found.get()));
        } else if (!base.getParent().equals(path)) {
            folders.add(new Sighting.Seen(
                    base.getParent(), FileIdentity.of(base.getParent()).orElseThrow(() -> new IOException("gone"))));
        }
        Map<Part, Sighting.Seen> files = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            for (Path at : (whole ? part.in(base) : part.beside(base)).toList()) {
                Optional<Sighting.Seen> seen = FileIdentity.of(at).map(identity -> new Sighting.Seen(at, identity));
                if (seen.isPresent() && files.put(part, seen.get()) != null) {
                    return new Sighting.Trouble(at + " is there under its other name too: keep one");
                }
            }
        }
        return files.containsKey(Part.PASSWORD)
                ? new Sighting.Parts(this, folders, files)
                : new Sighting.Nothing("folder " + base + " has no file \"password\"");
    }

    /** What is wrong with the permissions of what was seen, the first of it. */
    Optional<String> objectionTo(Sighting.Parts parts) {
        Stream<Optional<String>> folders = parts.folders().stream()
                .map(seen ->
                        readers.objectionToFolder(seen.identity()).map(wrong -> "folder " + seen.path() + " " + wrong));
        Stream<Optional<String>> files = parts.files().values().stream()
                .map(seen -> readers.objectionTo(seen.identity()).map(wrong -> "file " + seen.path() + " " + wrong));
        return Stream.concat(folders, files).flatMap(Optional::stream).findFirst();
    }
}
