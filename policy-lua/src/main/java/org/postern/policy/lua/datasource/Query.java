// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A statement with its parameters bound. Two with the same text and parameters are equal, and share a cached answer. */
public final class Query {

    private final String sql;
    private final List<Object> parameters;
    private final List<Object> comparable;

    private Query(String sql, List<Object> parameters) {
        this.sql = sql;
        this.parameters = parameters;
        this.comparable = new ArrayList<>(parameters);
        comparable.replaceAll(value -> value instanceof byte[] octets ? ByteBuffer.wrap(octets) : value);
    }

    /**
     * Binds parameters.
     *
     * @param statement with placeholders {@code ?}, {@code :name} or {@code $name}
     * @param parameters answers the value for a name, or for a position from 1 as digits; null is SQL's NULL
     * @throws DatasourceException if the statement is empty or mixes placeholders
     */
    public static Query of(String statement, Function<String, Object> parameters) throws DatasourceException {
        if (statement.isBlank()) {
            throw new DatasourceException("the statement is empty");
        }
        try {
            Placeholders placeholders = Placeholders.in(statement);
            return new Query(placeholders.sql(), placeholders.bind(parameters));
        } catch (IllegalArgumentException mixed) {
            throw new DatasourceException(mixed.getMessage());
        }
    }

    String sql() {
        return sql;
    }

    List<Object> parameters() {
        return parameters;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Query that && sql.equals(that.sql) && comparable.equals(that.comparable);
    }

    @Override
    public int hashCode() {
        return 31 * sql.hashCode() + comparable.hashCode();
    }

    /** The statement without its parameters. */
    @Override
    public String toString() {
        return sql;
    }
}
