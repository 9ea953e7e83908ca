// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.sql.SQLException;
import java.util.Set;
import org.postern.spi.text.Printable;

/** A database did not answer. The text is one line for people and holds nothing that came out of a table. */
public final class DatabaseException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Classes of SQLSTATE whose texts quote what a column or a parameter holds. */
    private static final Set<String> QUOTING = Set.of("21", "22", "23", "44", "P0", "XX");

    /** What went wrong, in words of our own. */
    public DatabaseException(String reason) {
        super(reason);
    }

    /** What a driver said, as far as it may be repeated. */
    static DatabaseException of(SQLException thrown) {
        String state = thrown.getSQLState();
        if (state != null && state.length() == 5 && QUOTING.contains(state.substring(0, 2))) {
            return new DatabaseException("SQLSTATE " + Printable.of(state)
                    + ": a value does not have the form, encoding or type that is needed");
        }
        return new DatabaseException(
                Printable.of(thrown.getMessage() == null ? thrown.getClass().getName() : thrown.getMessage()));
    }
}
