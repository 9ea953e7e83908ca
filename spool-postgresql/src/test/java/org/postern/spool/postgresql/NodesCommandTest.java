// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.spi.command.OperatorCommand;
import org.postern.testkit.OperatorCommandContract;
import org.postern.testkit.database.PostgresqlServer;

@Timeout(120)
class NodesCommandTest implements OperatorCommandContract {

    @RegisterExtension
    static final Databases DATABASES = new Databases();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public OperatorCommand command() {
        return new NodesCommand(Map.of(), Map.of());
    }

    @Override
    public List<List<String>> wrongArguments() {
        return List.of(List.of("--no-such-option"), List.of("all"));
    }

    private int run(OperatorCommand command) {
        return command.run(
                List.of(),
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    private static OperatorCommand of(String database) {
        return new NodesCommand(
                Map.of(
                        "url",
                        DATABASES.server().url(database),
                        "user",
                        PostgresqlServer.USER,
                        "password_env",
                        "DB_PASSWORD"),
                Databases.environment());
    }

    @Test
    void showsWhatEachNodeHoldsAndWhatWaitsForAny() throws Exception {
        String database = DATABASES.make();
        try (Node one = new Node(DATABASES, database, 100);
                Node other = new Node(DATABASES, database, 1)) {
            one.accept("a");
            one.accept("b");
            other.accept("c");
            other.accept("d");
            DATABASES.execute(
                    database, "UPDATE postern_node SET name = E'evil\\x1b[31m' WHERE id = " + other.lease.id());
            DATABASES.execute(database, "UPDATE postern_node SET gone = true WHERE id = " + other.lease.id());
            assertThat(run(of(database))).isZero();
        }
        assertThat(out.toString(UTF_8).lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).matches("test +[0-9]+ +2  lives"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("evil").endsWith("  gone").doesNotContain("\u001b"))
                .anySatisfy(line -> assertThat(line).matches("nobody +1  1 of them due"));
        assertThat(err.size()).isZero();
    }

    @Test
    void saysThatARelayWithASpoolOfItsOwnSharesNoQueue() {
        assertThat(run(command())).isEqualTo(3);
        assertThat(err.toString(UTF_8)).contains("shares no queue", "Spool_PostgreSQL");
    }

    @Test
    void saysThatTheDatabaseDoesNotAnswer() {
        OperatorCommand command = new NodesCommand(Map.of("url", "jdbc:postgresql://127.0.0.1:1/mail"), Map.of());
        assertThat(run(command)).isEqualTo(1);
        assertThat(err.toString(UTF_8)).startsWith("nodes: jdbc:postgresql://127.0.0.1:1/mail: ");
    }
}
