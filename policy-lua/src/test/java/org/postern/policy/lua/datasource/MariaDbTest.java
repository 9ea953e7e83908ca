// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postern.testkit.database.MariaDbServer;

class MariaDbTest extends DatabaseContract {

    private static Optional<MariaDbServer> server = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(MariaDbServer.isInstalled(), MariaDbServer.MISSING);
        server = Optional.of(MariaDbServer.create());
    }

    @AfterAll
    static void stop() {
        server.ifPresent(MariaDbServer::close);
    }

    @Override
    String uri() {
        return DatasourceServers.uri("mysql", "mail", server.orElseThrow());
    }

    @Override
    String octetsType() {
        return "LONGBLOB";
    }

    @Override
    String endless() {
        return "SELECT SLEEP(90)";
    }

    @Override
    String dead() {
        return "mysql:host=127.0.0.1;port=1;dbname=mail;user=u;password=s3cret";
    }

    @Test
    void refusesAWrongPasswordWithoutShowingIt() throws Exception {
        String wrong = "mysql:host=127.0.0.1;port=" + server.orElseThrow().port() + ";dbname=mail;user="
                + MariaDbServer.USER + ";password=s3cret";
        assertThatThrownBy(() -> ask(open(options(100, false), wrong), "SELECT 1"))
                .isInstanceOf(DatasourceException.class)
                .hasMessageContaining(DatasourceUri.read(wrong, Path.of("/")).place())
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void goesOnAfterAServerThatDidNotAnswer() throws Exception {
        Datasource datasource = open(options(100, true), uri());
        assertThat(ask(datasource, "SELECT 1")).hasSize(1);
        server.orElseThrow().freeze();
        try {
            assertThatThrownBy(() -> datasource.query(query("SELECT 1"), false, Duration.ofMillis(300)))
                    .hasMessageContaining("no answer within 300 ms");
        } finally {
            server.orElseThrow().thaw();
        }
        assertThat(ask(datasource, "SELECT 1")).hasSize(1);
    }
}
