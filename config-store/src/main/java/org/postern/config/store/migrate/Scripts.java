// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.config.store.language.Item;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Stanza;
import org.postern.config.store.migrate.Findings.Kind;
import org.postern.spi.settings.RawValue;

/**
 * The Lua scripts that a configuration names, and those that they require. Looks at their text only: whether they compile
 * is told by the bundle that runs them.
 */
final class Scripts {

    private static final long LARGEST = 1024L * 1024;
    private static final String FOLDER = "scriptlets";
    private static final Pattern COMMENT = Pattern.compile("--\\[\\[[\\s\\S]*?]]|--[^\\n]*");
    private static final Pattern STRING = Pattern.compile("\"[^\"\\n]*\"|'[^'\\n]*'");
    private static final Pattern REQUIRED = Pattern.compile("\\brequire\\s*\\(?\\s*[\"']([\\w./-]+)[\"']");
    private static final Pattern FUNCTION = Pattern.compile("\\bmsys(?:\\.\\w+)+");
    private static final Pattern OF_MOMENTUM = Pattern.compile("(msys|json)\\b.*");
    private static final Set<String> OFFERED = offered();

    private final List<Path> folders;
    private final Findings findings;
    private final Map<Path, Path> found = new LinkedHashMap<>();
    private final Path home;

    /**
     * @param home the folder of the configuration
     * @param searchPath where Momentum looks besides
     */
    Scripts(Path home, List<Path> searchPath, Findings findings) {
        this.home = home;
        this.folders = Stream.concat(Stream.of(home, home.resolve(FOLDER)), searchPath.stream())
                .toList();
        this.findings = findings;
    }

    /** Looks at all that the tree names. */
    void survey(List<Item> items) {
        stanzas(items, "scriptlet")
                .flatMap(stanza -> stanzas(stanza.items(), "script"))
                .forEach(script -> script.items().forEach(item -> {
                    if (item instanceof Assignment option
                            && option.word().text().equalsIgnoreCase("source")
                            && option.value() instanceof RawValue.Scalar source) {
                        survey(source.text(), option.word().origin().toString());
                    }
                }));
    }

    private static Stream<Stanza> stanzas(List<Item> items, String name) {
        return items.stream()
                .filter(Stanza.class::isInstance)
                .map(Stanza.class::cast)
                .filter(stanza -> stanza.word().text().equalsIgnoreCase(name));
    }

    /** Scripts that were found, and where they belong in a folder of their own. */
    Map<Path, Path> found() {
        return found;
    }

    private void survey(String source, String place) {
        Optional<Path> file = find(source);
        if (file.isEmpty()) {
            findings.add(
                    Kind.HAND,
                    place,
                    "a script that is named here is not found",
                    "copy it to the folder " + FOLDER + " beside the configuration, or name its folder by"
                            + " Script_Folders or --search-path");
        } else if (!found.containsKey(file.get())) {
            found.put(file.get(), belongs(file.get(), source));
            read(file.get(), place);
        }
    }

    private Optional<Path> find(String source) {
        try {
            if (source.startsWith("/")) {
                return Optional.of(Path.of(source)).filter(Files::isRegularFile);
            }
            String relative = source.replace('.', '/') + ".lua";
            return folders.stream()
                    .map(folder -> folder.resolve(relative).normalize())
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private Path belongs(Path file, String source) {
        if (file.startsWith(home)) {
            return home.relativize(file);
        }
        return source.startsWith("/")
                ? Path.of(FOLDER).resolve(file.getFileName())
                : Path.of(FOLDER).resolve(source.replace('.', '/') + ".lua");
    }

    private void read(Path file, String place) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("larger than " + LARGEST + " octets");
            }
            String code = COMMENT.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .replaceAll(Scripts::blank);
            REQUIRED.matcher(code)
                    .results()
                    .map(match -> match.group(1))
                    .filter(name -> !OF_MOMENTUM.matcher(name).matches())
                    .forEach(name -> survey(name, file.toString()));
            notOffered(file, STRING.matcher(code).replaceAll(Scripts::blank));
        } catch (IOException unreadable) {
            findings.add(Kind.HAND, place, "a script that is named here cannot be read: " + file, Optional.empty());
        }
    }

    private static String blank(MatchResult match) {
        return match.group().replaceAll("[^\n]", " ");
    }

    private void notOffered(Path file, String code) {
        Set<String> seen = new TreeSet<>();
        FUNCTION.matcher(code).results().forEach(match -> {
            if (!OFFERED.contains(match.group()) && seen.add(match.group())) {
                long line = 1
                        + code.substring(0, match.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                findings.add(
                        Kind.HAND,
                        file + ":" + line,
                        "the script uses " + match.group() + ", which is not offered here",
                        "docs/lua.md lists what is");
            }
        });
    }

    private static Set<String> offered() {
        try (InputStream in = Scripts.class.getResourceAsStream("msys.functions");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isEmpty())
                    .flatMap(line -> Stream.of(line.split(" ")))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
