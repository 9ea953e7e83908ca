// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Sources;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.config.store.meaning.Vocabulary;

/** A folder with a configuration in it. */
public final class Folder {

    /** Everything that {@link Words} has. */
    public static final Vocabulary ALL_WORDS = Vocabulary.EMPTY
            .plus(new LanguageVocabulary())
            .plus(Words.ofEngine())
            .plus(Words.ofBundles());

    private final Path directory;

    public Folder(Path directory) {
        this.directory = directory;
    }

    public Path main() {
        return directory.resolve("postern.conf");
    }

    public Path write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public Path write(String name, byte[] content) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a whole new file in the place of the old one, as careful tools do. */
    public void replace(String name, String text) {
        try {
            Path fresh = write(name + ".new", text);
            Files.move(
                    fresh,
                    directory.resolve(name),
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the main file, whose content is this. */
    public Loaded load(String text) {
        write("postern.conf", text);
        return load();
    }

    /** Reads the main file as it is. */
    public Loaded load() {
        return load(Clock.systemUTC());
    }

    public Loaded load(Clock clock) {
        return Interpreter.interpret(Sources.read(main(), clock), ALL_WORDS, 1);
    }

    /** Problems as an operator sees them, with the folder's path left out. */
    public List<String> problems(Loaded loaded) {
        return loaded.problems().kept().stream().map(this::shown).toList();
    }

    /** Problems of this text. */
    public List<String> problemsOf(String text) {
        return problems(load(text));
    }

    private String shown(Problem problem) {
        return problem.toString().replace(directory + "/", "");
    }
}
