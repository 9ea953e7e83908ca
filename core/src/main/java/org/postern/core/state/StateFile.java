// SPDX-License-Identifier: Apache-2.0
package org.postern.core.state;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file of lines that is written whole. Its fields are separated by blanks, and {@link #encoded} where they could
 * hold one.
 *
 * <p>Threading: safe for many threads, and for other processes; the last writer wins.
 */
public final class StateFile {

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final int MOST_LINES = 100_000;

    private final Path directory;
    private final String name;

    /** @param directory made on the first write, if it is not there */
    public StateFile(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /**
     * Whole or not at all, also after a power cut. Readable by the owner alone, for such files name users.
     *
     * @throws IOException if it cannot be written; then the file is as it was
     */
    public void replace(String text) throws IOException {
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, "." + name, ".new");
        try {
            Files.writeString(temporary, text, StandardCharsets.ISO_8859_1);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * What its lines say, the first one left out, which is a heading; nothing if there is no file. A line that cannot be
     * read is passed over with a warning, and the file kept aside.
     *
     * @param parser answers with nothing where a line cannot be read
     * @throws IOException if the file cannot be read
     */
    public <T> List<T> read(Function<String, Optional<T>> parser) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<T> read = new ArrayList<>();
        int damaged = 0;
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines.skip(1).limit(MOST_LINES)::iterator) {
                Optional<T> one = parser.apply(line);
                one.ifPresent(read::add);
                damaged += one.isPresent() ? 0 : 1;
            }
        }
        if (damaged > 0) {
            Path aside = directory.resolve(name + ".damaged");
            Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("{} has {} lines that cannot be read; it is kept as {}", file, damaged, aside);
        }
        return read;
    }

    /** The text as a field: without blanks, line ends and what is not ASCII. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * The text of a field.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String decoded(String field) {
        return URLDecoder.decode(field, StandardCharsets.UTF_8);
    }
}
