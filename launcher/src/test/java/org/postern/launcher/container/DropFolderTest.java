// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropFolderTest {

    @TempDir
    private Path directory;

    private Path instance;
    private Path folder;

    @BeforeEach
    void makeFolders() throws IOException {
        instance = Files.createDirectories(directory.toRealPath().resolve("instance"));
        folder = Files.createDirectory(instance.resolve("bundles"));
        mode(instance, "rwxr-xr-x");
        mode(folder, "rwxr-xr-x");
    }

    @ParameterizedTest
    @CsvSource({
        // instance, bundles, jar, safe
        "rwxr-xr-x, rwxr-xr-x, rw-r--r--, true",
        "rwx------, rwx------, rw-------, true",
        "rwxr-x---, rwxr-x---, r--r-----, true",
        "rwxr-xr-x, rwxrwxr-x, rw-r--r--, false",
        "rwxr-xr-x, rwxr-xrwx, rw-r--r--, false",
        "rwxr-xr-x, rwxrwxrwx, rw-r--r--, false",
        "rwxr-xr-x, rwx-w----, rw-r--r--, false",
        "rwxr-xr-x, rwx----w-, rw-r--r--, false",
        "rwxrwxr-x, rwxr-xr-x, rw-r--r--, false",
        "rwxr-xrwx, rwxr-xr-x, rw-r--r--, false",
        "rwx-w----, rwxr-xr-x, rw-r--r--, false",
        "rwxrwxrwx, rwx------, rw-------, false",
        "rwxr-xr-x, rwxr-xr-x, rw-rw-r--, false",
        "rwxr-xr-x, rwxr-xr-x, rw-r--rw-, false",
        "rwxr-xr-x, rwxr-xr-x, rw--w----, false",
    })
    void isWatchedOnlyIfNobodyElseCanWrite(String above, String own, String jar, boolean safe) throws IOException {
        Path file = Files.writeString(folder.resolve("a.jar"), "");
        mode(file, jar);
        mode(folder, own);
        mode(instance, above);

        assertThat(new DropFolder().objection(folder).isEmpty()).isEqualTo(safe);
    }

    @Test
    void namesWhatIsWritable() throws IOException {
        mode(instance, "rwxrwxr-x");

        assertThat(new DropFolder().objection(folder))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains(instance.toString()).contains("chmod go-w"));
    }

    @Test
    void toleratesAStickyDirectoryAbove() throws IOException {
        Files.setAttribute(instance, "unix:mode", 01777);

        assertThat(new DropFolder().objection(folder)).isEmpty();
    }

    @Test
    void toleratesNoStickyDropFolder() throws IOException {
        Files.setAttribute(folder, "unix:mode", 01777);

        assertThat(new DropFolder().objection(folder)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"instance/bundles", "instance", "instance/bundles/a.jar"})
    void refusesWhatBelongsToAnotherUser(String what) throws IOException {
        assumeTrue(isRoot(), "only root can give files away");
        Files.writeString(folder.resolve("a.jar"), "");
        Files.setAttribute(directory.toRealPath().resolve(what), "unix:uid", 12_345);

        assertThat(new DropFolder().objection(folder))
                .hasValueSatisfying(reason -> assertThat(reason).contains("another user"));
    }

    @Test
    void takesWhatBelongsToRoot() throws IOException {
        assumeTrue(isRoot(), "only root has files of root");

        // As if this process were another user's: everything here is then root's, and that is fine.
        assertThat(new DropFolder(12_345).objection(folder)).isEmpty();
    }

    @Test
    void refusesAFolderThatIsALink() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(instance.resolve("linked"), elsewhere);

        assertThat(new DropFolder().objection(link))
                .hasValueSatisfying(reason -> assertThat(reason).contains("symbolic link"));
    }

    @Test
    void refusesALinkThatLeadsOut() throws IOException {
        Path outside = Files.writeString(directory.resolve("outside.jar"), "");
        Files.createSymbolicLink(folder.resolve("a.jar"), outside);

        assertThat(new DropFolder().objection(folder))
                .hasValueSatisfying(reason -> assertThat(reason).contains("leads out"));
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        Files.createSymbolicLink(folder.resolve("a.jar"), folder.resolve("missing.jar"));

        assertThat(new DropFolder().objection(folder)).isPresent();
    }

    @Test
    void takesALinkWithinTheFolder() throws IOException {
        Files.writeString(folder.resolve("a-1.jar"), "");
        Files.createSymbolicLink(folder.resolve("a.jar"), folder.resolve("a-1.jar"));

        assertThat(new DropFolder().objection(folder)).isEmpty();
    }

    @Test
    void looksAtBothSidesOfALinkAbove() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        mode(open, "rwxrwxrwx");
        Files.createSymbolicLink(open.resolve("instance"), instance);

        assertThat(new DropFolder().objection(open.resolve("instance/bundles")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("open"));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
