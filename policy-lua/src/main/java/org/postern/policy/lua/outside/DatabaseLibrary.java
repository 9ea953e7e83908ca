// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.Datasource;
import org.postern.policy.lua.datasource.DatasourceException;
import org.postern.policy.lua.datasource.Datasources;
import org.postern.policy.lua.datasource.Query;
import org.postern.policy.lua.datasource.Rows;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.msys.Secrets;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.JavaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;
import org.postern.spi.policy.MessageView;

/** {@code msys.db}: the datasources of the configuration. */
final class DatabaseLibrary {

    private static final String NO_CACHE = "nocache";
    private static final String RAISE_ERROR = "raise_error";

    /** Shorter values are masked only where their column's name tells; they would mask words that have nothing to do with them. */
    private static final int LONG_ENOUGH_TO_MASK = 6;

    private static final Pattern SECRET = Pattern.compile("(?i)pass|pwd|secret|token|credential");

    private final Datasources datasources;
    private final Consultations consultations;

    private DatabaseLibrary(Datasources datasources, Consultations consultations) {
        this.datasources = datasources;
        this.consultations = consultations;
    }

    /** Puts it into a state. */
    static void open(LuaState state, Datasources datasources, Consultations consultations) {
        DatabaseLibrary library = new DatabaseLibrary(datasources, consultations);
        Module.named(state, "msys.datasource");
        Module.named(state, "msys.db")
                .function(
                        "query", call -> library.attempt(call, null, () -> iterator(call.state(), library.rows(call))))
                .function(
                        "fetch_row", call -> library.attempt(call, null, () -> first(call.state(), library.rows(call))))
                .function("execute", call -> library.attempt(call, false, () -> library.execute(call)));
    }

    private interface Work {
        Object run() throws Exception;
    }

    /** What failed is raised, unless the options say that it is returned. */
    private Object[] attempt(Arguments call, Object onError, Work work) {
        try {
            return Values.one(call.budget().waitFor(work::run));
        } catch (DatasourceException failed) {
            String message = call.state().string(Values.fromText(failed.getMessage()));
            if (option(call, RAISE_ERROR, true)) {
                throw call.error(message);
            }
            return new Object[] {onError, message};
        } catch (RuntimeException raised) {
            throw raised;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Rows rows(Arguments call) throws DatasourceException, InterruptedException {
        Datasource datasource = datasource(call);
        Query query = query(call);
        MessageView message = call.state().attached(MessageView.class);
        if (message != null) {
            consultations.note(message.id(), datasource, query);
        }
        boolean fresh = message != null && message.credentialRefused() || option(call, NO_CACHE, false);
        return datasource.query(query, fresh, call.budget().remaining());
    }

    private Object execute(Arguments call) throws DatasourceException, InterruptedException {
        datasource(call).execute(query(call), call.budget().remaining());
        return true;
    }

    private Datasource datasource(Arguments call) throws DatasourceException {
        String name = call.text(1);
        return datasources
                .named(name)
                .orElseThrow(() -> new DatasourceException("there is no Datasource \"" + name + "\""));
    }

    private static Query query(Arguments call) throws DatasourceException {
        Function<String, Object> parameters = key -> null;
        if (call.has(3)) {
            LuaTable table = call.table(3);
            parameters = key -> parameter(call, table, key);
        }
        return Query.of(call.text(2), parameters);
    }

    private static Object parameter(Arguments call, LuaTable table, String key) {
        Object value = table.get(Values.fromText(key));
        if (value == null && key.chars().allMatch(c -> c >= '0' && c <= '9') && key.length() < 6) {
            value = table.get(Integer.parseInt(key));
        }
        return switch (value) {
            case null -> null;
            case String string -> Values.toOctets(string);
            case Double number when number == Math.rint(number) && Math.abs(number) < 1L << 53 -> number.longValue();
            case Double number -> number;
            case Boolean truth -> truth;
            default -> throw call.bad(3, "parameter " + key + " is a " + Values.typeName(value));
        };
    }

    private static boolean option(Arguments call, String name, boolean otherwise) {
        Object value = call.has(4) ? call.table(4).get(name) : null;
        return value == null ? otherwise : Values.isTrue(value);
    }

    private static Object first(LuaState state, Rows rows) {
        return rows.values().isEmpty()
                ? null
                : row(state, rows.columns(), rows.values().getFirst());
    }

    private static Object iterator(LuaState state, Rows rows) {
        Iterator<Object[]> values = rows.values().iterator();
        return new JavaFunction(
                "row iterator",
                next -> Values.one(values.hasNext() ? row(state, rows.columns(), values.next()) : null));
    }

    private static LuaTable row(LuaState state, List<String> columns, Object[] values) {
        LuaTable row = state.table();
        for (int i = 0; i < values.length; i++) {
            Object value = lua(state, values[i]);
            keepSecret(state, columns.get(i), value);
            if (columns.get(i).isEmpty()) {
                row.set(i + 1, value);
            } else {
                row.set(state.string(Values.fromText(columns.get(i))), value);
            }
        }
        return row;
    }

    /** Most of what scripts fetch is what peers want to see; none of it gets into a log. */
    private static void keepSecret(LuaState state, String column, Object value) {
        Secrets secrets = state.attached(Secrets.class);
        if (secrets != null
                && value instanceof String text
                && (text.length() >= LONG_ENOUGH_TO_MASK
                        || SECRET.matcher(column).find())) {
            state.budget().chargeOctets(text.length() * 16L);
            secrets.add(text);
        }
    }

    private static Object lua(LuaState state, Object value) {
        return switch (value) {
            case byte[] octets -> {
                state.budget().allocate(octets.length);
                yield state.string(Values.fromOctets(octets));
            }
            case Long number -> Values.number(number);
            case null, default -> value;
        };
    }
}
