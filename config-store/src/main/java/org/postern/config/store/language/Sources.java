// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.config.store.language.Item.Span;
import org.postern.spi.settings.Origin;

/**
 * Reads a configuration file and all that it includes, within bounds. One object reads one configuration once; it is not
 * safe for several threads.
 */
public final class Sources {

    /** Octets of all files together. */
    public static final long MOST_OCTETS = 64L * 1024 * 1024;

    /** Files read, a file that is included twice counting twice. */
    public static final int MOST_FILES = 10_000;

    /** How deep files may include one another. */
    public static final int DEEPEST = 64;

    private static final Set<String> BACKUPS =
            Set.of("~", ".bak", ".orig", ".rpmsave", ".rpmnew", ".rpmorig", ".dpkg-old", ".dpkg-new", ".dpkg-dist");

    private final Problems problems;
    private final Deque<Link> chain = new ArrayDeque<>();
    private final Set<String> readableByOthers = new java.util.TreeSet<>();
    private final Footprint footprint;
    private final List<Path> searchPath;
    private final Map<Path, String> files = new LinkedHashMap<>();
    private final List<Inclusion> inclusions = new ArrayList<>();
    private boolean complete = true;
    private long octetsLeft = MOST_OCTETS;
    private int filesLeft = MOST_FILES;

    private record Link(Path real, Path path, String shown) {}

    private Sources(Clock clock, List<Path> searchPath, Problems problems) {
        this.searchPath = List.copyOf(searchPath);
        this.problems = problems;
        this.footprint = new Footprint(clock.instant());
    }

    /**
     * What was read.
     *
     * @param main the main file, as named
     * @param directory where the main file is, absolute
     * @param items the tree with includes in place
     * @param complete whether the tree is good enough to look at its meaning
     * @param readableByOthers files that others than their owner can read, as they appear in origins
     * @param problems what is wrong so far
     * @param footprint what was touched
     * @param files the files that were read, by path, and how they appear in origins
     * @param inclusions what includes what
     */
    public record Reading(
            String main,
            Path directory,
            List<Item> items,
            boolean complete,
            Set<String> readableByOthers,
            Problems problems,
            Footprint footprint,
            Map<Path, String> files,
            List<Inclusion> inclusions) {}

    /**
     * One {@code include} that named something.
     *
     * @param including the file that it stands in
     * @param operand where in that file the path is, quotation marks included
     * @param written the path
     * @param target the file or directory, absolute
     */
    public record Inclusion(Path including, Span operand, String written, Path target) {}

    /** Reads a configuration. Never throws for anything that is in a file or wrong with it. */
    public static Reading read(Path main, Clock clock) {
        return read(main, clock, new Problems());
    }

    /** The same, with what is wrong noted here. */
    public static Reading read(Path main, Clock clock, Problems problems) {
        return read(main, clock, List.of(), problems);
    }

    /**
     * Reads a configuration as Momentum does: what an {@code include} names and is not beside the including file is looked
     * for in further folders.
     */
    public static Reading read(Path main, Clock clock, List<Path> searchPath) {
        return read(main, clock, searchPath, new Problems());
    }

    private static Reading read(Path main, Clock clock, List<Path> searchPath, Problems problems) {
        Sources sources = new Sources(clock, searchPath, problems);
        Path absolute = main.toAbsolutePath().normalize();
        List<Item> items = new ArrayList<>();
        sources.file(absolute, main.toString(), new Origin(main.toString(), 0, 0), items);
        return new Reading(
                main.toString(),
                absolute.getParent() == null ? absolute : absolute.getParent(),
                List.copyOf(items),
                sources.complete,
                Set.copyOf(sources.readableByOthers),
                sources.problems,
                sources.footprint,
                Collections.unmodifiableMap(sources.files),
                List.copyOf(sources.inclusions));
    }

    private List<Item> include(Link including, String written, Span operand, Origin origin) {
        List<Item> items = new ArrayList<>();
        try {
            Path target = find(including.path().getParent(), Path.of(strip(written)));
            String name = isBeside(including, target, written)
                    ? showable(including.shown(), strip(written))
                    : target.toString();
            inclusions.add(new Inclusion(including.path(), operand, strip(written), target));
            if (Files.isDirectory(target)) {
                directory(target, name, origin, items);
            } else {
                file(target, name, origin, items);
            }
        } catch (InvalidPathException notAPath) {
            refuse(origin, "what include names here is not a path");
        }
        return items;
    }

    /** Beside the including file, or else in the first folder of the search path that has it. */
    private Path find(Path directory, Path written) {
        Path beside = directory.resolve(written).normalize();
        if (Files.exists(beside)) {
            return beside;
        }
        return searchPath.stream()
                .map(folder -> folder.toAbsolutePath().resolve(written).normalize())
                .filter(Files::exists)
                .findFirst()
                .orElse(beside);
    }

    private static boolean isBeside(Link including, Path target, String written) {
        return target.equals(
                including.path().getParent().resolve(strip(written)).normalize());
    }

    private static String strip(String written) {
        return written.startsWith("file://") ? written.substring("file://".length()) : written;
    }

    private static String showable(String including, String written) {
        Path parent = Path.of(including).getParent();
        return parent == null ? written : parent.resolve(written).toString();
    }

    private void directory(Path path, String shown, Origin origin, List<Item> items) {
        Stamp stamp = Stamp.of(path);
        footprint.note(path, stamp);
        if (!(stamp instanceof Stamp.Listing listing)) {
            refuse(origin, "the directory " + shown + " cannot be listed");
            return;
        }
        for (String name : listing.names()) {
            Path entry = path.resolve(name);
            if (!Files.isDirectory(entry)) {
                warnOfBackup(name, shown, origin);
                file(entry, Path.of(shown).resolve(name).toString(), origin, items);
            }
        }
    }

    private void warnOfBackup(String name, String shown, Origin origin) {
        if (BACKUPS.stream().anyMatch(name::endsWith)) {
            problems.add(Problem.warning(
                    origin, name + " in " + shown + " looks like a backup copy, and is read all the same"));
        }
    }

    private void file(Path path, String shown, Origin origin, List<Item> items) {
        Stamp stamp = Stamp.of(path);
        footprint.note(path, stamp);
        try {
            Path real = path.toRealPath();
            if (mayRead(real, shown, origin)) {
                byte[] content = content(real, shown);
                footprint.noteContent(path, stamp, content);
                noteReaders(real, shown);
                files.put(path, shown);
                parse(new Link(real, path, shown), content, items);
            }
        } catch (IOException unreadable) {
            refuse(origin, reason(what(shown, origin), unreadable));
        } catch (SyntaxException notText) {
            problems.add(notText.problem());
            complete = false;
        }
    }

    /** The main file's name begins the line already. */
    private static String what(String shown, Origin origin) {
        return origin.file().equals(shown) ? "this file" : shown;
    }

    private void refuse(Origin origin, String text) {
        problems.add(Problem.error(origin, text));
    }

    private boolean mayRead(Path real, String shown, Origin origin) {
        if (chain.stream().anyMatch(link -> link.real().equals(real))) {
            refuse(origin, "files include one another in a circle: " + circle(real, shown));
            return false;
        }
        if (chain.size() >= DEEPEST || filesLeft-- <= 0) {
            refuse(
                    origin,
                    chain.size() >= DEEPEST
                            ? "files include one another more than " + DEEPEST + " deep"
                            : "more than " + MOST_FILES + " files are included");
            return false;
        }
        if (!Files.isRegularFile(real)) {
            refuse(
                    origin,
                    what(shown, origin) + (Files.isDirectory(real) ? " is a directory" : " is not a regular file"));
            return false;
        }
        return true;
    }

    private String circle(Path real, String shown) {
        Stream<String> links = chain.reversed().stream()
                .dropWhile(link -> !link.real().equals(real))
                .map(Link::shown);
        return Stream.concat(links, Stream.of(shown)).collect(Collectors.joining(" -> "));
    }

    private byte[] content(Path real, String shown) throws IOException, SyntaxException {
        try (InputStream in = Files.newInputStream(real)) {
            byte[] content = in.readNBytes(Math.toIntExact(octetsLeft + 1));
            octetsLeft -= content.length;
            if (octetsLeft < 0) {
                octetsLeft = 0;
                throw SyntaxException.fatal(Problem.error(
                        new Origin(shown, 0, 0),
                        "the configuration is larger than " + MOST_OCTETS / 1024 / 1024 + " MB"));
            }
            return content;
        }
    }

    private void parse(Link link, byte[] content, List<Item> items) throws SyntaxException {
        chain.push(link);
        try {
            String text = Text.decode(link.shown(), content);
            Parser parser = new Parser(
                    link.shown(), text, problems, (written, operand, at) -> include(link, written, operand, at));
            items.addAll(parser.parse());
            complete &= parser.isComplete();
        } finally {
            chain.pop();
        }
    }

    private void noteReaders(Path real, String shown) throws IOException {
        if (!real.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(real);
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            readableByOthers.add(shown);
        }
    }

    /** What an exception means to an operator. */
    static String reason(String shown, IOException unreadable) {
        return switch (unreadable) {
            case NoSuchFileException missing -> shown + " does not exist";
            case AccessDeniedException denied -> "no permission to read " + shown;
            case FileSystemLoopException loop -> "links lead in a circle at " + shown;
            default -> shown + " cannot be read: " + unreadable.getClass().getSimpleName();
        };
    }
}
