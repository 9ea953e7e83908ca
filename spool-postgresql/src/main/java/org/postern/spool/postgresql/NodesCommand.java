// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.InputStream;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.text.Printable;

/** {@code nodes}: which nodes share the queue, how much each has of it, and what waits for any of them. */
@Component(
        configurationPid = SpoolPostgresqlVocabulary.PID,
        configurationPolicy = ConfigurationPolicy.OPTIONAL,
        property = {
            OperatorCommand.VERB + "=nodes",
            OperatorCommand.SUMMARY + "=Shows the relays that share a queue, and how much of it each has.",
            OperatorCommand.PLACE + "=" + OperatorCommand.RUNNING
        })
public final class NodesCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;
    private static final int CONFIGURATION = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String USAGE = """
            usage: nodes --instance DIR

            Shows the nodes that share the queue in PostgreSQL, how many messages each holds, and
            how many wait for any of them. DIR is the state directory of one of them. A node that
            is gone is listed until another has taken over what it held, and for a day.""";

    private static final String NODES =
            "SELECT n.name, n.id, n.gone, extract(epoch FROM n.expires - clock_timestamp()),"
                    + " (SELECT count(*) FROM postern_message m WHERE m.holder = n.id) FROM postern_node n ORDER BY n.name, n.id";

    private static final String NOBODYS = "SELECT count(*), count(*) FILTER (WHERE due <="
            + " extract(epoch FROM clock_timestamp())), min(due) - extract(epoch FROM clock_timestamp())"
            + " FROM postern_message WHERE holder = 0";

    private final Map<String, Object> properties;
    private final Map<String, String> environment;

    /** @param properties what the stanza says, if there is one */
    @Activate
    public NodesCommand(Map<String, Object> properties) {
        this(properties, System.getenv());
    }

    NodesCommand(Map<String, Object> properties, Map<String, String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.equals(List.of("--help"))) {
            out.println(USAGE);
            return DONE;
        }
        if (!arguments.isEmpty()) {
            err.println(USAGE);
            return ARGUMENTS;
        }
        SpoolOptions options;
        try {
            options = SpoolOptions.read(properties, "");
        } catch (IllegalArgumentException none) {
            err.println("nodes: this relay shares no queue: " + none.getMessage());
            return CONFIGURATION;
        }
        try (Connection connection = new Connector(options, environment, PATIENCE).getConnection()) {
            show(connection, out);
            return DONE;
        } catch (SQLException failed) {
            err.println("nodes: " + options.server().place() + ": " + Fault.words(failed));
            return FAILED;
        }
    }

    private static void show(Connection connection, PrintStream out) throws SQLException {
        out.println(line("node", "life", "holds", "state"));
        try (PreparedStatement select = connection.prepareStatement(NODES);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                out.println(line(
                        Printable.of(row.getString(1)),
                        row.getString(2),
                        count(row.getLong(5)),
                        state(row.getBoolean(3), Math.round(row.getDouble(4)))));
            }
        }
        try (PreparedStatement select = connection.prepareStatement(NOBODYS);
                ResultSet row = select.executeQuery()) {
            row.next();
            out.println(line("nobody", "", count(row.getLong(1)), waiting(row)));
        }
    }

    private static String waiting(ResultSet row) throws SQLException {
        if (row.getLong(1) == 0) {
            return "";
        }
        return row.getLong(2) > 0
                ? count(row.getLong(2)) + " of them due"
                : "the next is due in " + Math.round(row.getDouble(3)) + " s";
    }

    private static String state(boolean gone, long left) {
        if (gone) {
            return "gone";
        }
        return left > 0 ? "lives" : "silent: its lease ended " + -left + " s ago";
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String line(String node, String life, String holds, String state) {
        return String.format(Locale.ROOT, "%-32s %8s %12s  %s", node, life, holds, state)
                .stripTrailing();
    }
}
