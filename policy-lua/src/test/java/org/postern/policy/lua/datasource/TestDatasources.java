// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.SettingsSnapshot;

/** The datasource {@code smtp_creds} on an SQLite file, configured as by a stanza. */
public final class TestDatasources implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ConfiguredDatasource configured = configured();
    private final ConfiguredDatasource elsewhere = configured();
    private final Datasources all = new Datasources();

    public TestDatasources(Path folder) throws Exception {
        Path file = folder.resolve("creds.db");
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        SettingsSnapshot snapshot = SettingsSnapshot.builder(1)
                .putSecret(
                        DatasourceOptions.STANZA,
                        "smtp_creds",
                        DatasourceOptions.URI,
                        new Located<>(
                                Optional.of(List.of(Secret.of("sqlite:" + file))), new Origin("postern.conf", 1, 1)))
                .build();
        configured.changed(snapshot);
        elsewhere.changed(snapshot);
        all.add(configured);
    }

    private static ConfiguredDatasource configured() {
        return new ConfiguredDatasource(
                Map.of("service.pid", DatasourceOptions.PID + "~smtp_creds", "postern.config.directory", "/"),
                Class::forName);
    }

    public Datasources all() {
        return all;
    }

    public Datasource datasource() {
        return configured.datasource().orElseThrow();
    }

    public void execute(String sql, Object... parameters) throws Exception {
        datasource().execute(DatabaseContract.query(sql, parameters), PATIENCE);
    }

    /** Without this side's cache noticing. */
    public void executeElsewhere(String sql, Object... parameters) throws Exception {
        elsewhere.datasource().orElseThrow().execute(DatabaseContract.query(sql, parameters), PATIENCE);
    }

    @Override
    public void close() {
        configured.close();
        elsewhere.close();
    }
}
