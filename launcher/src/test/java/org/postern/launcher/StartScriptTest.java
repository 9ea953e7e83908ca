// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartScriptTest {

    @TempDir
    private Path directory;

    private Path script;
    private Path folders;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void copyScript() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no shell here");
        script = directory.resolve("postern");
        Files.copy(Path.of("..", "postern"), script);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        folders = Files.createDirectory(directory.resolve("jvm"));
    }

    private void installedHome() throws IOException {
        Files.createDirectory(directory.resolve("lib"));
        Files.createDirectory(directory.resolve("system"));
    }

    /** A folder that looks like a Java, whose "java" prints its folder and its arguments. */
    private Path fakeJava(Path home, String version, boolean withRelease, boolean withCompiler) throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        executable(
                bin.resolve("java"),
                "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \"" + version
                        + "\" 2026-01-01' >&2; exit 0; fi\necho \"" + home
                        + "\"\nfor a in \"$@\"; do echo \"arg:$a\"; done\n");
        if (withCompiler) {
            executable(bin.resolve("javac"), "#!/bin/sh\n");
        }
        if (withRelease) {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        return home;
    }

    private Path fakeJava(String name, String version) throws IOException {
        return fakeJava(folders.resolve(name), version, true, true);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add(script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", toolsWithoutJava());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("POSTERN_JVM_FOLDERS", folders + "/*");
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
    }

    /** The tools that the script uses, and neither Java nor Maven. */
    private String toolsWithoutJava() throws IOException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of(
                "sed",
                "head",
                "readlink",
                "dirname",
                "grep",
                "find",
                "awk",
                "date",
                "mkdir",
                "touch",
                "tee",
                "rm",
                "cat")) {
            Path real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            if (!Files.exists(tools.resolve(tool))) {
                Files.createSymbolicLink(tools.resolve(tool), real);
            }
        }
        return tools.toString();
    }

    @Test
    void takesJavaHomeFirst() throws Exception {
        installedHome();
        fakeJava("jdk-30", "30.0.1");
        Path chosen = fakeJava(directory.resolve("mine"), "21.0.4", true, true);

        Ended ended = run(Map.of("JAVA_HOME", chosen.toString()), "version");

        assertThat(ended.out()).startsWith(chosen + "\n").contains("arg:version");
        assertThat(ended.code()).isZero();
    }

    @Test
    void passesOverAJavaHomeThatIsTooOld() throws Exception {
        installedHome();
        Path old = fakeJava("jdk-17", "17.0.9");
        Path newer = fakeJava("jdk-21", "21.0.4");

        assertThat(run(Map.of("JAVA_HOME", old.toString()), "version").out()).startsWith(newer + "\n");
    }

    @Test
    void takesTheJavaOnThePathBeforeTheFolders() throws Exception {
        installedHome();
        fakeJava("jdk-30", "30");
        Path onPath = fakeJava(directory.resolve("path"), "22", true, true);
        String path = toolsWithoutJava() + ":" + onPath.resolve("bin");

        assertThat(run(Map.of("PATH", path), "version").out()).startsWith(onPath + "\n");
    }

    @Test
    void takesTheNewestOfTheFolders() throws Exception {
        installedHome();
        fakeJava("a-21", "21");
        Path newest = fakeJava("b-25", "25.0.3");
        fakeJava("c-8", "1.8.0_392");
        fakeJava("d-17", "17");

        assertThat(run(Map.of(), "version").out()).startsWith(newest + "\n");
    }

    @Test
    void asksAJavaThatHasNoReleaseFile() throws Exception {
        installedHome();
        Path quiet = fakeJava(folders.resolve("quiet"), "21.0.1", false, true);

        assertThat(run(Map.of(), "version").out()).startsWith(quiet + "\n");
    }

    @Test
    void saysInOneLineWhatToInstall() throws Exception {
        installedHome();
        fakeJava("jdk-17", "17.0.9");

        Ended ended = run(Map.of(), "version");

        assertThat(ended.code()).isEqualTo(4);
        assertThat(ended.err()).contains("JDK 21 or newer", "JAVA_HOME").hasLineCount(1);
    }

    @Test
    void wantsACompilerInACheckout() throws Exception {
        fakeJava(folders.resolve("jre"), "25", true, false);

        assertThat(run(Map.of(), "version").code()).isEqualTo(4);
    }

    @Test
    void saysThatMavenIsMissingInACheckout() throws Exception {
        fakeJava("jdk-21", "21");

        Ended ended = run(Map.of(), "version");

        assertThat(ended.code()).isEqualTo(4);
        assertThat(ended.err()).contains("Maven").hasLineCount(1);
    }

    @Test
    void setsOptionsThatOlderJavaRefusesOnNewerOnly() throws Exception {
        installedHome();
        Path older = fakeJava("jdk-21", "21");
        Path newer = fakeJava("jdk-25", "25");

        assertThat(run(Map.of("JAVA_HOME", older.toString()), "version").out()).doesNotContain("unsafe-memory");
        assertThat(run(Map.of("JAVA_HOME", newer.toString()), "version").out()).contains("unsafe-memory");
    }

    @Test
    void passesArgumentsOnAsTheyAre() throws Exception {
        installedHome();
        fakeJava("jdk-21", "21");

        assertThat(run(Map.of(), "send", "a b", "", "*", "$HOME").out())
                .endsWith("arg:send\narg:a b\narg:\narg:*\narg:$HOME\n");
    }

    @Test
    void needsNoHomeDirectoryOfAUser() throws Exception {
        installedHome();

        assertThat(run(Map.of("HOME", "", "POSTERN_JVM_FOLDERS", ""), "version").err())
                .doesNotContain("HOME:");
    }

    @Test
    void findsItsHomeThroughALink() throws Exception {
        installedHome();
        fakeJava("jdk-21", "21");
        Path link = Files.createSymbolicLink(directory.resolve("linked"), script);
        script = link;

        assertThat(run(Map.of(), "version").out()).contains("-Dpostern.home=" + directory.toRealPath() + "\n");
    }
}
