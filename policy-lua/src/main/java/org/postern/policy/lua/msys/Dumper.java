// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.PaidText;
import org.postern.policy.lua.run.Values;

/** Shows a value with everything in it, for people. */
final class Dumper {

    private static final int DEEPEST = 32;

    private final Arguments call;
    private final PaidText text;
    private final Set<LuaTable> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private Dumper(Arguments call) {
        this.call = call;
        this.text = new PaidText(call.budget());
    }

    static String dump(Arguments call) {
        Dumper dumper = new Dumper(call);
        dumper.value(call.value(1), 1);
        return dumper.text.toString();
    }

    private void append(String piece) {
        text.append(piece);
    }

    private void value(Object value, int depth) {
        switch (value) {
            case String string -> append('"' + string.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
            case LuaTable table -> table(table, depth);
            case null -> append("nil");
            // No metamethod is asked: this is for looking at things as they are.
            default ->
                append(
                        value instanceof Double || value instanceof Boolean
                                ? call.state().toText(value)
                                : Values.typeName(value));
        }
    }

    private void table(LuaTable table, int depth) {
        if (depth > DEEPEST || !open.add(table)) {
            append("{ ... }");
            return;
        }
        append("{");
        for (Object[] entry = table.next(null); entry != null; entry = table.next(entry[0])) {
            append("\n" + "  ".repeat(depth) + "[");
            value(entry[0] instanceof LuaTable ? "table" : entry[0], depth);
            append("] = ");
            value(entry[1], depth + 1);
            append(",");
        }
        append("\n" + "  ".repeat(depth - 1) + "}");
        open.remove(table);
    }
}
