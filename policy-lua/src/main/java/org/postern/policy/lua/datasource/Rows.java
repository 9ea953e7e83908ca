// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.util.List;

/**
 * What a statement answered.
 *
 * @param columns their names, in order
 * @param values one array per row, as long as there are columns; not to be changed
 */
public record Rows(List<String> columns, List<Object[]> values) {

    /** The answer of a statement that returns no rows. */
    public static final Rows NONE = new Rows(List.of(), List.of());

    /** Copies the lists. */
    public Rows {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
    }

    /** How many rows there are; never the values, which may be passwords. */
    @Override
    public String toString() {
        return "Rows[" + values.size() + "]";
    }
}
