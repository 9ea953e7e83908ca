// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.SettingsSnapshot;
import org.slf4j.LoggerFactory;

class ConfiguredDatasourceTest {

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConfiguredDatasource.class);
    private ConfiguredDatasource configured;

    @BeforeEach
    void open() {
        log.start();
        logger.addAppender(log);
        configured = new ConfiguredDatasource(
                Map.of("service.pid", DatasourceOptions.PID + "~creds", "postern.config.directory", folder.toString()),
                name -> {
                    throw new ClassNotFoundException(name);
                });
    }

    @AfterEach
    void close() {
        configured.close();
        logger.detachAppender(log);
    }

    private static SettingsSnapshot snapshot(String name, String... uris) {
        return SettingsSnapshot.builder(1)
                .putSecret(
                        DatasourceOptions.STANZA,
                        name,
                        DatasourceOptions.URI,
                        new Located<>(
                                Optional.of(Stream.of(uris).map(Secret::of).toList()), new Origin("a.conf", 1, 1)))
                .build();
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private Datasource datasource() {
        return configured.datasource().orElseThrow();
    }

    @Test
    void hasTheNameOfItsStanzaAndNothingToAskBeforeAConfigurationIsInForce() {
        assertThat(configured.name()).isEqualTo("creds");
        assertThat(configured.datasource()).isEmpty();
    }

    @Test
    void readsRelativePathsFromTheFolderOfTheConfiguration() throws Exception {
        Files.createFile(folder.resolve("a.db"));
        configured.changed(snapshot("creds", "sqlite:a.db"));
        assertThat(DatabaseContract.ask(datasource(), "SELECT 1")).hasSize(1);
    }

    @Test
    void goesOverToOtherUrisAndStaysWithTheSame() throws Exception {
        Files.createFile(folder.resolve("a.db"));
        Files.createFile(folder.resolve("b.db"));
        configured.changed(snapshot("creds", "sqlite:a.db"));
        Datasource first = datasource();
        DatabaseContract.execute(first, "CREATE TABLE t (a TEXT)");
        configured.changed(snapshot("creds", "sqlite:a.db"));
        assertThat(datasource()).isSameAs(first);
        configured.changed(snapshot("creds", "sqlite:b.db"));
        assertThatThrownBy(() -> DatabaseContract.ask(datasource(), "SELECT a FROM t"))
                .hasMessageContaining("no such table");
    }

    @Test
    void passesOverAWrongUriAndNeverLogsAPassword() throws Exception {
        Files.createFile(folder.resolve("a.db"));
        configured.changed(snapshot(
                "creds",
                "pgsql:dbname=a;password=s3cret;socketFactory=s3cret",
                "odbc:DSN=a;PWD=s3cret",
                "sqlite:a.db",
                "pgsql:host=127.0.0.1;port=1;dbname=a;user=u;password=s3cret"));
        assertThat(DatabaseContract.ask(datasource(), "SELECT 1")).hasSize(1);
        assertThat(logged())
                .anySatisfy(line -> assertThat(line).contains("does not take socketfactory"))
                .anySatisfy(line -> assertThat(line).contains("odbc is known to Momentum"))
                .anySatisfy(line -> assertThat(line).contains("password stands in the configuration"))
                .noneSatisfy(line -> assertThat(line).contains("s3cret"));
    }

    @Test
    void saysHowToInstallTheDriverForMysql() {
        configured.changed(snapshot("creds", "mysql:dbname=a"));
        assertThatThrownBy(() -> DatabaseContract.ask(datasource(), "SELECT 1"))
                .hasMessageContaining("put mariadb-java-client into the drop folder");
    }

    @Test
    void failsEveryQueryWhereNoUriIsRight() {
        configured.changed(snapshot("other", "sqlite:a.db"));
        assertThatThrownBy(() -> DatabaseContract.ask(datasource(), "SELECT 1"))
                .hasMessageContaining("no uri of this datasource is right");
    }
}
