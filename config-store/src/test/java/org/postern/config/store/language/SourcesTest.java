// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.store.Folder;
import org.postern.config.store.language.Item.Stanza;

class SourcesTest {

    @TempDir
    Path directory;

    private Folder folder;

    @BeforeEach
    void open() {
        folder = new Folder(directory);
    }

    private Sources.Reading read() {
        return Sources.read(folder.main(), Clock.systemUTC());
    }

    private List<String> names() {
        return read().items().stream().map(item -> item.word().text()).toList();
    }

    private String problem() {
        Sources.Reading reading = read();
        assertThat(reading.problems().kept()).hasSize(1);
        return reading.problems().kept().getFirst().toString().replace(directory + "/", "");
    }

    @Test
    void includesAFileRelativeToTheIncludingOne() {
        folder.write("postern.conf", "A = 1\ninclude \"parts/one.conf\"\nD = 4\n");
        folder.write("parts/one.conf", "B = 2\ninclude two.conf\n");
        folder.write("parts/two.conf", "C = 3");
        assertThat(names()).containsExactly("A", "B", "C", "D");
        assertThat(read().items().get(2).word().origin().file()).isEqualTo(directory + "/parts/two.conf");
    }

    @Test
    void includesADirectoryInAlphabeticalOrderWithoutDotfilesAndFolders() {
        folder.write("postern.conf", "readonly_include \"conf.d\"");
        folder.write("conf.d/20", "B = 2");
        folder.write("conf.d/10", "A = 1");
        folder.write("conf.d/.hidden", "H = 1");
        folder.write("conf.d/sub/30", "C = 3");
        assertThat(names()).containsExactly("A", "B");
    }

    @Test
    void includesInsideAStanza() {
        folder.write("postern.conf", "Domain x { include body.conf }");
        folder.write("body.conf", "A = 1 B = 2");
        assertThat(((Stanza) read().items().getFirst()).items()).hasSize(2);
    }

    @Test
    void takesFileUris() {
        folder.write("postern.conf", "include \"file://" + directory + "/a.conf\"");
        folder.write("a.conf", "A = 1");
        assertThat(names()).containsExactly("A");
    }

    @Test
    void namesTheChainOfACircle() {
        folder.write("postern.conf", "A = 1\ninclude a.conf");
        folder.write("a.conf", "B = 1\ninclude b.conf");
        folder.write("b.conf", "  include a.conf");
        assertThat(problem())
                .isEqualTo("b.conf:1:3: error: files include one another in a circle: a.conf -> b.conf -> a.conf");
    }

    @Test
    void findsACircleThroughALink() throws IOException {
        folder.write("postern.conf", "include link.conf");
        Files.createSymbolicLink(directory.resolve("link.conf"), folder.main());
        assertThat(problem()).contains("postern.conf -> link.conf");
    }

    @Test
    void allowsAFileToBeIncludedTwice() {
        folder.write("postern.conf", "include a.conf\ninclude a.conf");
        folder.write("a.conf", "A = 1");
        assertThat(names()).containsExactly("A", "A");
    }

    @Test
    void boundsTheNumberOfFiles() {
        for (int i = 0; i < 20; i++) {
            folder.write("f" + i, ("include f" + (i + 1) + "\n").repeat(2));
        }
        folder.write("postern.conf", "include f0");
        folder.write("f20", "A = 1");
        assertThat(read().problems().kept().getFirst().toString()).contains("more than 10000 files");
    }

    @Test
    void boundsTheSize() throws IOException {
        folder.write("postern.conf", "A = 1");
        try (var file = new java.io.RandomAccessFile(folder.main().toFile(), "rw")) {
            file.setLength(Sources.MOST_OCTETS + 1);
        }
        assertThat(problem()).isEqualTo("postern.conf: error: the configuration is larger than 64 MB");
    }

    @Test
    void saysThatAFileIsMissing() {
        assertThat(problem()).isEqualTo("postern.conf: error: this file does not exist");
        folder.write("postern.conf", "\n include nothing.conf");
        assertThat(problem()).isEqualTo("postern.conf:2:2: error: nothing.conf does not exist");
    }

    @Test
    void saysThatTheMainFileIsADirectory() throws IOException {
        Files.createDirectory(folder.main());
        assertThat(problem()).isEqualTo("postern.conf: error: this file is a directory");
    }

    @Test
    void refusesDevicesWithoutReadingThem() {
        folder.write("postern.conf", "include /dev/zero");
        assertThat(problem()).contains("/dev/zero is not a regular file");
    }

    @Test
    void saysThatPermissionIsMissing() throws IOException {
        folder.write("postern.conf", "A = 1");
        Files.setPosixFilePermissions(folder.main(), PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(folder.main()), "a superuser may read everything");
        assertThat(problem()).isEqualTo("postern.conf: error: no permission to read this file");
    }

    @Test
    void explainsARefusedRead() {
        assertThat(Sources.reason("f", new AccessDeniedException("f"))).isEqualTo("no permission to read f");
        assertThat(Sources.reason("f", new IOException("Is a directory"))).isEqualTo("f cannot be read: IOException");
    }

    @Test
    void toleratesAByteOrderMark() {
        folder.write("postern.conf", "\uFEFFA = 1");
        assertThat(names()).containsExactly("A");
        assertThat(read().items().getFirst().word().origin().column()).isEqualTo(1);
        folder.write("postern.conf", "\uFEFF");
        assertThat(names()).isEmpty();
    }

    @Test
    void saysWhereAnOctetIsNotUtf8() {
        folder.write("postern.conf", "A = 1\nB = \"\u00e9\u00ff\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problem()).isEqualTo("postern.conf:2:6: error: an octet here is not UTF-8 (save the file as UTF-8)");
    }

    @Test
    void recognisesUtf16() {
        folder.write("postern.conf", "A = 1".getBytes(StandardCharsets.UTF_16));
        assertThat(problem()).contains("looks like UTF-16");
    }

    @Test
    void noticesACharacterThatIsCutOff() {
        byte[] whole = "A = \u20ac".getBytes(StandardCharsets.UTF_8);
        folder.write("postern.conf", java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(problem()).startsWith("postern.conf:1:5: error: an octet here is not UTF-8");
    }

    @Test
    void warnsOfBackupCopies() {
        folder.write("postern.conf", "include conf.d");
        folder.write("conf.d/a.conf~", "A = 1");
        assertThat(problem()).contains("warning: a.conf~ in conf.d looks like a backup copy");
    }

    @Test
    void refusesAPathThatIsNone() {
        folder.write("postern.conf", "include \"\"");
        assertThat(problem()).contains("include is followed by the path");
    }
}
