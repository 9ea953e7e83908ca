// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the bundles' own metadata say about who may see what. */
class ManifestsTest {

    private static final String CORE = "org.postern.core";
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

    private static Map<String, Manifest> bundles() throws IOException {
        Map<String, Manifest> bundles = new TreeMap<>();
        for (Path folder : EveryModule.folders("target/classes/META-INF")) {
            Path file = folder.resolve("MANIFEST.MF");
            if (Files.exists(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    Manifest manifest = new Manifest(in);
                    String name = header(manifest, "Bundle-SymbolicName").replaceFirst(";.*", "");
                    bundles.put(name, manifest);
                }
            }
        }
        assertThat(bundles).hasSizeGreaterThanOrEqualTo(7).containsKey(CORE);
        return bundles;
    }

    private static String header(Manifest manifest, String name) {
        String value = manifest.getMainAttributes().getValue(name);
        return value == null ? "" : value;
    }

    /** The packages in a header: what stands before the first attribute of each clause. */
    private static List<String> packages(Manifest manifest, String header) {
        List<String> names = new ArrayList<>();
        for (String clause :
                QUOTED.matcher(header(manifest, header)).replaceAll("").split(",")) {
            for (String part : clause.split(";")) {
                if (!part.isBlank() && !part.contains("=")) {
                    names.add(part.strip());
                }
            }
        }
        return names;
    }

    @Test
    void coreExportsTheInterfacesAndTheEnginesBorderAndNothingElse() throws IOException {
        assertThat(packages(bundles().get(CORE), "Export-Package"))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("org.postern.spi.")
                        || name.equals("org.postern.engine")
                        || name.equals("org.postern.engine.dto"));
    }

    @Test
    void plugInsExportNothing() throws IOException {
        bundles().forEach((name, manifest) -> {
            if (!name.equals(CORE)) {
                assertThat(packages(manifest, "Export-Package")).as(name).isEmpty();
            }
        });
    }

    @Test
    void plugInsImportOnlyTheInterfacesOfPostern() throws IOException {
        bundles().forEach((name, manifest) -> {
            if (!name.equals(CORE)) {
                boolean listener = name.equals("org.postern.intake.smtp");
                assertThat(packages(manifest, "Import-Package"))
                        .as(name)
                        .filteredOn(imported -> imported.startsWith("org.postern."))
                        .isNotEmpty()
                        .allMatch(imported -> imported.startsWith("org.postern.spi.")
                                || listener && imported.equals("org.postern.engine"));
            }
        });
    }

    @Test
    void nobodyImportsAPackageHeDoesNotHaveToHave() throws IOException {
        bundles().forEach((name, manifest) -> {
            assertThat(header(manifest, "DynamicImport-Package")).as(name).isEmpty();
            assertThat(header(manifest, "Require-Bundle")).as(name).isEmpty();
            assertThat(header(manifest, "Bundle-Activator")).as(name).isEmpty();
        });
    }
}
