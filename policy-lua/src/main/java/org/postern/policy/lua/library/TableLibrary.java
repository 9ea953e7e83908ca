// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.PaidText;
import org.postern.policy.lua.run.Values;

/** {@code table}, with the names that Lua 5.0 had. */
public final class TableLibrary {

    private TableLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Module.named(state, "table")
                .function("concat", TableLibrary::concatenate)
                .function("foreach", TableLibrary::forEach)
                .function("foreachi", TableLibrary::forEachIndex)
                .function("getn", call -> Values.one(Values.number(call.table(1).length())))
                .function("insert", TableLibrary::insert)
                .function("maxn", TableLibrary::largestKey)
                .function("remove", TableLibrary::remove)
                .function("sort", TableLibrary::sort)
                .function("unpack", BaseLibrary::unpack);
    }

    private static Object[] concatenate(Arguments call) {
        LuaTable table = call.table(1);
        String between = call.string(2, "");
        long from = call.integer(3, 1);
        long to = call.integer(4, table.length());
        PaidText joined = new PaidText(call.budget());
        for (long i = from; i <= to; i++) {
            String text = Values.toText(table.get((double) i));
            if (text == null) {
                throw call.error("invalid value (" + Values.typeName(table.get((double) i)) + ") at index " + i
                        + " in table for 'concat'");
            }
            joined.append(text).append(i == to ? "" : between);
        }
        return Values.one(joined.toString());
    }

    private static Object[] forEach(Arguments call) {
        LuaTable table = call.table(1);
        LuaFunction function = call.function(2);
        for (Object[] entry = table.next(null); entry != null; entry = table.next(entry[0])) {
            Object result = Values.first(call.state().call(function, entry));
            if (result != null) {
                return Values.one(result);
            }
        }
        return Values.NONE;
    }

    private static Object[] forEachIndex(Arguments call) {
        LuaTable table = call.table(1);
        LuaFunction function = call.function(2);
        int length = table.length();
        for (int i = 1; i <= length; i++) {
            Object result = Values.first(call.state().call(function, (double) i, table.get(i)));
            if (result != null) {
                return Values.one(result);
            }
        }
        return Values.NONE;
    }

    private static Object[] insert(Arguments call) {
        LuaTable table = call.table(1);
        switch (call.count()) {
            case 2 -> table.set(table.length() + 1, call.value(2));
            case 3 -> insertAt(call, table, call.integer(2), call.value(3));
            default -> throw call.error("wrong number of arguments to 'insert'");
        }
        return Values.NONE;
    }

    private static void insertAt(Arguments call, LuaTable table, long position, Object value) {
        if (position >= 1 && position <= table.length()) {
            table.insert((int) position, value);
        } else {
            // Outside the list nothing is moved; Lua moves nils there.
            table.set(call.value(2) instanceof Double key && !key.isNaN() ? key : (Object) (double) position, value);
        }
    }

    private static Object[] largestKey(Arguments call) {
        LuaTable table = call.table(1);
        double largest = 0;
        for (Object[] entry = table.next(null); entry != null; entry = table.next(entry[0])) {
            call.budget().charge(1);
            if (entry[0] instanceof Double number) {
                largest = Math.max(largest, number);
            }
        }
        return Values.one(largest);
    }

    private static Object[] remove(Arguments call) {
        LuaTable table = call.table(1);
        int length = table.length();
        long position = call.integer(2, length);
        if (position < 1 || position > length) {
            return Values.NONE;
        }
        return Values.one(table.removeAt((int) position));
    }

    private static Object[] sort(Arguments call) {
        LuaTable table = call.table(1);
        LuaFunction order = call.has(2) ? call.function(2) : null;
        Object[] items = new Object[table.length()];
        call.budget().allocate(16L * items.length);
        for (int i = 0; i < items.length; i++) {
            items[i] = table.get(i + 1);
        }
        new Sort(call, order).sort(items);
        for (int i = 0; i < items.length; i++) {
            table.set(i + 1, items[i]);
        }
        return Values.NONE;
    }

    /** Merges from the bottom up, which ends whatever the order function answers. */
    private record Sort(Arguments call, LuaFunction order) {

        void sort(Object[] items) {
            Object[] from = items;
            Object[] to = new Object[items.length];
            for (int width = 1; width > 0 && width < items.length; width *= 2) {
                for (int start = 0; start < items.length; start += 2 * width) {
                    merge(
                            from,
                            to,
                            start,
                            Math.min(start + width, items.length),
                            Math.min(start + 2 * width, items.length));
                }
                Object[] swap = from;
                from = to;
                to = swap;
            }
            System.arraycopy(from, 0, items, 0, items.length);
        }

        private void merge(Object[] from, Object[] to, int start, int middle, int end) {
            int left = start;
            int right = middle;
            for (int i = start; i < end; i++) {
                boolean takeRight = left == middle || right < end && isLess(from[right], from[left]);
                to[i] = takeRight ? from[right++] : from[left++];
            }
        }

        private boolean isLess(Object a, Object b) {
            call.budget().charge(1);
            return order == null
                    ? call.state().metamethods().isLess(a, b)
                    : Values.isTrue(Values.first(call.state().call(order, a, b)));
        }
    }
}
