// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folders that scripts are looked for in. A source is words with dots or slashes between them, without {@code .lua}:
 * {@code myscripts.my_auth} is {@code myscripts/my_auth.lua} in the first folder that has it. A whole path that ends in
 * {@code .lua} is taken as it is in the configuration; {@code require} takes names only, and what it finds must lie in the
 * folder, wherever links lead.
 *
 * @param folders in the order in which they are searched, absolute
 */
public record ScriptFolders(List<Path> folders) {

    /** Octets that a script may have. */
    private static final long LARGEST = 1 << 20;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]++(?:[./][A-Za-z0-9_-]++)*+");

    /** These folders. */
    public ScriptFolders {
        folders = List.copyOf(folders);
    }

    /**
     * The script of a source.
     *
     * @throws ScriptException if there is none, or it cannot be read
     */
    SourceFile script(String source) throws ScriptException {
        Path path = find(source);
        try {
            return read(path);
        } catch (IOException unreadable) {
            throw new ScriptException(path + ": cannot be read: " + reason(unreadable));
        }
    }

    private static String reason(IOException unreadable) {
        return unreadable instanceof NoSuchFileException
                ? "no such file"
                : unreadable.getClass().getSimpleName() + ": " + unreadable.getMessage();
    }

    private Path find(String source) throws ScriptException {
        if (source.startsWith("/") && source.endsWith(".lua")) {
            return Path.of(source).normalize();
        }
        if (!NAME.matcher(source).matches()) {
            throw new ScriptException("source \"" + source + "\" is neither a name of letters, digits, '_' and '-' with"
                    + " dots between the folders, nor a path that begins with '/' and ends in .lua");
        }
        List<Path> candidates = candidates(source);
        return candidates.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new ScriptException("source \"" + source + "\" is not found; looked for "
                        + candidates + (source.endsWith(".lua") ? "; leave out the .lua at its end" : "")));
    }

    private List<Path> candidates(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name.replace('.', '/') + ".lua").normalize())
                .toList();
    }

    private static SourceFile read(Path path) throws IOException {
        if (Files.size(path) > LARGEST) {
            throw new IOException("it is larger than " + LARGEST + " octets");
        }
        return new SourceFile(path, new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
    }

    /** What {@code require} finds under a name. */
    Optional<SourceFile> required(String name) {
        for (Path folder : folders) {
            Path path = folder.resolve(name.replace('.', '/') + ".lua");
            try {
                if (Files.isRegularFile(path) && path.toRealPath().startsWith(folder.toRealPath())) {
                    return Optional.of(read(path));
                }
            } catch (IOException unreadable) {
                // Looked for in the next folder, and in the end not there.
            }
        }
        return Optional.empty();
    }
}
