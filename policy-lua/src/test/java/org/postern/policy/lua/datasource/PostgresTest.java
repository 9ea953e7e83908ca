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
import org.postern.testkit.database.PostgresqlServer;

class PostgresTest extends DatabaseContract {

    private static Optional<PostgresqlServer> server = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), PostgresqlServer.MISSING);
        server = Optional.of(PostgresqlServer.create());
    }

    @AfterAll
    static void stop() {
        server.ifPresent(PostgresqlServer::close);
    }

    @Override
    String uri() {
        return DatasourceServers.uri("pgsql", "postgres", server.orElseThrow());
    }

    @Override
    String octetsType() {
        return "BYTEA";
    }

    @Override
    String endless() {
        return "SELECT pg_sleep(90)";
    }

    @Override
    String dead() {
        return "pgsql:host=127.0.0.1;port=1;dbname=mail;user=u;password=s3cret";
    }

    @Test
    void refusesAWrongPasswordWithoutShowingIt() throws Exception {
        String wrong = "pgsql:host=127.0.0.1;port=" + server.orElseThrow().port() + ";dbname=mail;user="
                + PostgresqlServer.USER + ";password=s3cret";
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
