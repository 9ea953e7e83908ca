// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * One statement on its way through a database: parameters go as parameters, never into the text.
 *
 * <p>Threading: {@link #call} by one thread; {@link #cancel} by any.
 */
final class Execution implements Callable<Rows> {

    /** Octets that an answer may have in all. */
    static final int MOST_OCTETS = 16 * 1024 * 1024;

    private static final long EXACT = 1L << 53;
    private static final int CONNECTION_LOST = 2;
    private static final Executor AT_ONCE = Runnable::run;

    private final Backends backends;
    private final Query query;
    private final Optional<Integer> maxRows;
    private final boolean mayRepeat;
    private final Duration atMost;
    private volatile Statement running;
    private volatile boolean cancelled;

    /** @param mayRepeat whether the statement may be sent again when the connection broke under it */
    Execution(Backends backends, Query query, Optional<Integer> maxRows, boolean mayRepeat, Duration atMost) {
        this.backends = backends;
        this.query = query;
        this.maxRows = maxRows;
        this.mayRepeat = mayRepeat;
        this.atMost = atMost;
    }

    @Override
    public Rows call() throws DatasourceException {
        for (int attempt = 1; ; attempt++) {
            try (Backends.Leased leased = backends.lease()) {
                return run(leased);
            } catch (SQLException failed) {
                if (cancelled || !mayRepeat || !lostConnection(failed) || attempt == CONNECTION_LOST) {
                    throw new DatasourceException(
                            failed.getMessage() == null ? failed.toString() : failed.getMessage());
                }
            }
        }
    }

    private static boolean lostConnection(SQLException failed) {
        return failed.getSQLState() != null && failed.getSQLState().startsWith("08");
    }

    /** Has the database stop. Returns at once; drivers may have to connect for that. */
    void cancel() {
        cancelled = true;
        Statement statement = running;
        if (statement != null) {
            Thread.ofVirtual().name("postern-datasource-cancel").start(() -> {
                try {
                    statement.cancel();
                } catch (SQLException alreadyOver) {
                    // Nothing is left to stop.
                }
            });
        }
    }

    private Rows run(Backends.Leased leased) throws SQLException, DatasourceException {
        try {
            return execute(leased.connection(), leased.uri());
        } finally {
            // The word to stop may reach the database any time later, and would stop whatever then runs there.
            if (cancelled) {
                leased.spoil();
            }
        }
    }

    private Rows execute(Connection connection, DatasourceUri uri) throws SQLException, DatasourceException {
        boolean server = uri instanceof DatasourceUri.Server;
        if (server) {
            // For a peer that vanished: by then nobody waits any more, and the thread must not either.
            connection.setNetworkTimeout(AT_ONCE, (int) atMost.plusSeconds(1).toMillis());
        }
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
            running = statement;
            if (cancelled) {
                throw new DatasourceException("given up");
            }
            bind(statement, server && ((DatasourceUri.Server) uri).kind() == DatasourceUri.Kind.POSTGRESQL);
            if (maxRows.isPresent()) {
                statement.setMaxRows(maxRows.get());
            }
            return statement.execute() ? rows(statement, server) : Rows.NONE;
        } finally {
            running = null;
        }
    }

    private void bind(PreparedStatement statement, boolean withoutType) throws SQLException, DatasourceException {
        List<Object> parameters = query.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            switch (parameters.get(i)) {
                case null -> statement.setNull(i + 1, Types.NULL);
                case byte[] octets -> bind(statement, i + 1, octets);
                case Object value when withoutType -> statement.setString(i + 1, value.toString());
                case Boolean value -> statement.setBoolean(i + 1, value);
                case Long value -> statement.setLong(i + 1, value);
                case Double value -> statement.setDouble(i + 1, value);
                default ->
                    throw new DatasourceException("parameter " + (i + 1) + " is neither text, number nor boolean");
            }
        }
    }

    private static void bind(PreparedStatement statement, int index, byte[] octets) throws SQLException {
        try {
            statement.setString(
                    index,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(octets))
                            .toString());
        } catch (CharacterCodingException notText) {
            statement.setBytes(index, octets);
        }
    }

    private Rows rows(PreparedStatement statement, boolean server) throws SQLException, DatasourceException {
        try (ResultSet results = statement.getResultSet()) {
            ResultSetMetaData meta = results.getMetaData();
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                columns.add(meta.getColumnLabel(i));
            }
            List<Object[]> values = new ArrayList<>();
            long octets = 0;
            while (results.next() && (maxRows.isEmpty() || values.size() < maxRows.get())) {
                Object[] row = new Object[columns.size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = cell(results, i + 1, server);
                    octets += row[i] instanceof byte[] text ? text.length : Long.BYTES;
                }
                if (octets > MOST_OCTETS) {
                    throw new DatasourceException("the answer is larger than " + MOST_OCTETS + " octets");
                }
                values.add(row);
            }
            return new Rows(columns, values);
        }
    }

    private static Object cell(ResultSet results, int index, boolean server) throws SQLException {
        Object value = results.getObject(index);
        return switch (value) {
            case null -> null;
            case byte[] octets -> octets;
            // SQLite keeps as text what need not be UTF-8; a server has converted it.
            case String text -> server ? utf8(text) : results.getBytes(index);
            case Boolean truth -> truth;
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            case Long number when Math.abs(number) <= EXACT -> number;
            case Float number -> number.doubleValue();
            case Double number -> number;
            case BigDecimal number -> utf8(number.toPlainString());
            case java.sql.Blob blob -> results.getBytes(index);
            // Among them whole numbers that Lua's cannot hold exactly, and dates.
            default -> utf8(results.getString(index));
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
