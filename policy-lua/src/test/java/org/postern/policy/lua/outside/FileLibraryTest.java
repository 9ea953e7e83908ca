// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

class FileLibraryTest {

    @TempDir
    Path root;

    private Path folder;
    private Path secrets;

    @BeforeEach
    void fill() throws Exception {
        folder = Files.createDirectories(root.resolve("conf/inner")).getParent();
        secrets = Files.createDirectories(root.resolve("secrets/..data"));
        Files.writeString(folder.resolve("token"), "t0ken\n");
        Files.writeString(folder.resolve("inner/tökén"), "inner");
        Files.writeString(secrets.resolve("token"), "mounted");
        Files.writeString(root.resolve("outside"), "outside");
        Files.createSymbolicLink(root.resolve("secrets/token"), Path.of("..data/token"));
        Files.createSymbolicLink(folder.resolve("escape"), root.resolve("outside"));
        Files.createSymbolicLink(folder.resolve("up"), root);
    }

    private String show(String source) {
        LuaState state = Lua.state();
        FileLibrary.open(state, new ReadableFolders(List.of(folder, root.resolve("secrets"), root.resolve("absent"))));
        return Show.in(state, source);
    }

    @Test
    void readsFilesInsideTheFolders() {
        assertThat(show("return msys.readfile('token'):gsub('%s+$', '')")).isEqualTo("t0ken 1");
        assertThat(show(Values.fromText("return msys.readfile('" + folder + "/inner/tökén')")))
                .isEqualTo("inner");
        assertThat(show("return msys.readfile('file://" + folder + "/token')")).isEqualTo("t0ken\n");
    }

    @Test
    void followsLinksThatStayInside() {
        assertThat(show("return msys.readfile('" + root + "/secrets/token')")).isEqualTo("mounted");
    }

    @Test
    void refusesEverythingElseWithOneAnswer() {
        for (String name : List.of(
                "../outside",
                root + "/outside",
                "escape",
                "up/outside",
                "inner/../../outside",
                "/etc/passwd",
                "file:///etc/passwd",
                "/dev/zero",
                "/proc/self/environ",
                "absent",
                "inner",
                "",
                "http://127.0.0.1/")) {
            assertThat(show("return msys.readfile('" + name + "')"))
                    .as(name)
                    .startsWith("nil ")
                    .endsWith(" cannot be read");
        }
        assertThat(show("return msys.readfile('token\\0')")).startsWith("nil ");
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        Files.write(folder.resolve("large"), new byte[ReadableFolders.MOST_OCTETS + 1]);
        Files.write(folder.resolve("fits"), new byte[ReadableFolders.MOST_OCTETS]);
        assertThat(show("return msys.readfile('large')")).contains("larger than");
        assertThat(show("return #msys.readfile('fits')")).isEqualTo(String.valueOf(ReadableFolders.MOST_OCTETS));
    }

    @Test
    void readsNothingWhereThereIsNoFolder() {
        LuaState state = Lua.state();
        FileLibrary.open(state, new ReadableFolders(List.of()));
        assertThat(Show.in(state, "return msys.readfile('token')")).startsWith("nil there is no folder");
    }
}
