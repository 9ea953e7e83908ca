// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTest extends DatabaseContract {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("creds.db");
    }

    @Override
    String uri() throws Exception {
        if (!Files.exists(file())) {
            Files.createFile(file());
        }
        return "sqlite:" + file();
    }

    @Override
    String octetsType() {
        return "BLOB";
    }

    @Override
    String endless() {
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    }

    @Override
    String dead() {
        return "sqlite:" + folder.resolve("mistyped.db");
    }

    @Test
    void makesNoFileWhereThereIsNone() throws Exception {
        assertThatThrownBy(() -> ask(open(options(100, false), dead()), "SELECT 1"))
                .hasMessageContaining("mistyped.db does not exist");
        assertThat(folder.resolve("mistyped.db")).doesNotExist();
    }

    @Test
    void reachesNoOtherFile() throws Exception {
        Datasource datasource = open();
        Path other = folder.resolve("other.db");
        for (String sql : new String[] {
            "ATTACH DATABASE '" + other + "' AS other",
            "VACUUM INTO '" + other + "'",
            "SELECT load_extension('" + other + "')",
            "SELECT readfile('/etc/passwd')",
            "SELECT writefile('" + other + "', 'x')"
        }) {
            assertThatThrownBy(() -> execute(datasource, sql)).as(sql).isInstanceOf(DatasourceException.class);
        }
        assertThat(other).doesNotExist();
    }

    @Test
    void givesTextBackThatIsNotUtf8() throws Exception {
        Datasource datasource = open();
        execute(datasource, "INSERT INTO relay_creds (login) VALUES (CAST(x'ff61fe' AS TEXT))");
        assertThat(datasource
                        .query(query("SELECT login FROM relay_creds"), false, PATIENCE)
                        .values()
                        .getFirst()[0])
                .isEqualTo(new byte[] {(byte) 0xFF, 'a', (byte) 0xFE});
    }
}
