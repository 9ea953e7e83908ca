// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssemblyTest {

    @TempDir
    private Path home;

    private Path system;

    @BeforeEach
    void makeFolders() throws IOException {
        system = Files.createDirectories(home.resolve("system"));
    }

    @Test
    void readsStartLevelsFromFolders() throws IOException {
        TinyBundle.named("b", "1").in(system.resolve("10/b.jar"));
        TinyBundle.named("a", "1").in(system.resolve("2/a.jar"));
        TinyBundle.named("c", "1").in(system.resolve("2/c.jar"));
        Files.writeString(system.resolve("2/notes.txt"), "no bundle");

        Assembly assembly = Assembly.of(home);

        assertThat(assembly.bundles()).extracting(AssembledBundle::name).containsExactly("a", "c", "b");
        assertThat(assembly.bundles()).extracting(AssembledBundle::startLevel).containsExactly(2, 2, 10);
        assertThat(assembly.highestLevel()).isEqualTo(10);
    }

    @Test
    void refusesFolderThatIsNoStartLevel() throws IOException {
        TinyBundle.named("a", "1").in(system.resolve("zero/a.jar"));

        assertThatThrownBy(() -> Assembly.of(home))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("zero")
                .hasMessageContaining("start level");
    }

    @Test
    void refusesHomeWithoutBundles() {
        assertThatThrownBy(() -> Assembly.of(home))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no bundles");
    }

    @Test
    void readsVerbsFromComponentDescriptions() throws IOException {
        TinyBundle.named("a", "1")
                .header("Service-Component", "OSGI-INF/one.xml, OSGI-INF/two.xml")
                .file("OSGI-INF/one.xml", component("frobnicate", "Frobs."))
                .file("OSGI-INF/two.xml", "<component name='two'/>")
                .in(system.resolve("1/a.jar"));

        assertThat(VerbCatalog.of(Assembly.of(home)))
                .isEqualTo(Map.of(
                        "frobnicate",
                        new VerbCatalog.Entry("Frobs.", VerbCatalog.Place.ANYWHERE, Optional.of("--hard"))));
    }

    @Test
    void refusesComponentDescriptionThatDeclaresEntities() throws IOException {
        TinyBundle.named("a", "1")
                .header("Service-Component", "OSGI-INF/one.xml")
                .file(
                        "OSGI-INF/one.xml",
                        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><component>&e;</component>")
                .in(system.resolve("1/a.jar"));

        assertThatThrownBy(() -> VerbCatalog.of(Assembly.of(home)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("one.xml");
    }

    private static String component(String verb, String summary) {
        return "<component name='one'><property name='postern.command' value='" + verb
                + "'/><property name='postern.command.summary' value='" + summary
                + "'/><property name='postern.command.configured.with' value='--hard'/></component>";
    }
}
