// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.postern.spi.spool.SpoolFullException;

/** What an error of the database means for mail. */
final class Fault {

    /** The connection broke; the server is going down or comes up; a transaction was chosen to die; no connection is free. */
    private static final List<String> PASSING = List.of("08", "40", "53", "57P", "55P03", "25006");

    /** Those after which nobody knows whether the statement was carried out. */
    private static final List<String> UNCLEAR = List.of("08", "57P", "40003");

    private static final String DISK_FULL = "53100";
    private static final int LONGEST = 300;

    private Fault() {}

    /** Whether the same may succeed later. What says nothing of itself comes from below the protocol. */
    static boolean passes(SQLException thrown) {
        return startsWithAny(thrown, PASSING);
    }

    /** Whether the statement may have been carried out all the same. */
    static boolean isUnclear(SQLException thrown) {
        return startsWithAny(thrown, UNCLEAR);
    }

    private static boolean startsWithAny(SQLException thrown, List<String> classes) {
        String state = thrown.getSQLState();
        return state == null || classes.stream().anyMatch(state::startsWith);
    }

    /** The same for the engine. */
    static IOException toIo(String place, SQLException thrown) {
        return DISK_FULL.equals(thrown.getSQLState())
                ? new SpoolFullException("the disk of " + place + " is full")
                : new IOException(place + ": " + words(thrown), thrown);
    }

    /** One line for people: what the driver said, not what the pool made of it. */
    static String words(SQLException thrown) {
        SQLException deepest = thrown;
        while (deepest.getCause() instanceof SQLException cause && cause != deepest) {
            deepest = cause;
        }
        String text = deepest.getMessage() == null ? deepest.getClass().getName() : deepest.getMessage();
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
