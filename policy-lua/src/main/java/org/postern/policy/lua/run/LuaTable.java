// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.util.Arrays;

/**
 * A table: the values of 1, 2, 3 … in an array, all others in a hash table with open addressing. A value that is removed
 * leaves its key behind until the table grows, so that a traversal may remove what it has come to.
 */
public final class LuaTable extends Collectable {

    private static final int OCTETS = 96;
    private static final int SLOT = 24;
    private static final Object[] EMPTY = {};

    private final Budget budget;
    private Object[] list = EMPTY;
    private int listSize;
    private Object[] keys = EMPTY;
    private Object[] values = EMPTY;
    private int keysUsed;
    private LuaTable metatable;

    /** An empty table, paid for. */
    public LuaTable(Budget budget) {
        budget.allocate(OCTETS);
        this.budget = budget;
    }

    /** The metatable, or null. */
    public LuaTable metatable() {
        return metatable;
    }

    /** Sets the metatable; null removes it. */
    public void metatable(LuaTable table) {
        metatable = table;
    }

    /** The value at a key, without metamethods; null if there is none. */
    public Object get(Object key) {
        return switch (key) {
            case String string -> getHashed(string);
            case Double number -> get(number.doubleValue());
            case null -> null;
            default -> getHashed(key);
        };
    }

    private Object get(double number) {
        int index = (int) number;
        return index == number && index >= 1 && index <= listSize ? list[index - 1] : getHashed(normal(number));
    }

    /** The value at a whole number. */
    public Object get(int index) {
        return index >= 1 && index <= listSize ? list[index - 1] : getHashed((double) index);
    }

    // -0 and 0 are one key.
    private static Double normal(double number) {
        return number == 0 ? 0.0 : number;
    }

    private Object getHashed(Object key) {
        if (keys.length == 0) {
            return null;
        }
        int slot = slotOf(key);
        return keys[slot] == null ? null : values[slot];
    }

    /** Where the key is, or where it would go. */
    private int slotOf(Object key) {
        int mask = keys.length - 1;
        int hash = key.hashCode();
        int slot = (hash ^ hash >>> 15) * 0x9E3779B9 >>> 7 & mask;
        int steps = 0;
        while (keys[slot] != null && keys[slot] != key && !keys[slot].equals(key)) {
            slot = slot + 1 & mask;
            steps++;
        }
        // Keys that collide on purpose cost what they make us do.
        if (steps > 8) {
            budget.charge(steps);
        }
        return slot;
    }

    /**
     * Sets the value at a key, without metamethods.
     *
     * @param key neither nil nor NaN
     * @param value nil removes
     */
    public void set(Object key, Object value) {
        if (key instanceof Double number) {
            int index = (int) number.doubleValue();
            if (index == number && index >= 1 && index <= listSize + 1) {
                setListed(index, value);
            } else {
                setHashed(normal(number), value);
            }
        } else {
            setHashed(key, value);
        }
    }

    /** Sets the value at a whole number. */
    public void set(int index, Object value) {
        if (index >= 1 && index <= listSize + 1) {
            setListed(index, value);
        } else {
            setHashed((double) index, value);
        }
    }

    private void setListed(int index, Object value) {
        if (index <= listSize) {
            list[index - 1] = value;
            trim();
        } else if (value != null) {
            append(value);
            drawFromHash();
        } else {
            setHashed((double) index, null);
        }
    }

    private void trim() {
        while (listSize > 0 && list[listSize - 1] == null) {
            listSize--;
        }
    }

    private void append(Object value) {
        if (listSize == list.length) {
            int larger = Math.max(4, listSize * 2);
            budget.allocate((long) (larger - listSize) * SLOT);
            budget.charge(1 + (listSize >> 4));
            list = Arrays.copyOf(list, larger);
        }
        list[listSize++] = value;
    }

    // What was written before its predecessors waits in the hash table.
    private void drawFromHash() {
        if (keysUsed == 0) {
            return;
        }
        remove((double) listSize);
        Object next = remove((double) (listSize + 1));
        while (next != null) {
            append(next);
            next = remove((double) (listSize + 1));
        }
    }

    private Object remove(Double key) {
        int slot = slotOf(key);
        if (keys[slot] == null) {
            return null;
        }
        Object value = values[slot];
        values[slot] = null;
        return value;
    }

    private void setHashed(Object key, Object value) {
        if (keys.length == 0) {
            if (value == null) {
                return;
            }
            rehash();
        }
        int slot = slotOf(key);
        if (keys[slot] != null) {
            values[slot] = value;
        } else if (value != null) {
            if (keysUsed >= keys.length - (keys.length >> 2)) {
                rehash();
                slot = slotOf(key);
            }
            keys[slot] = key;
            values[slot] = value;
            keysUsed++;
        }
    }

    private void rehash() {
        int live = 0;
        for (Object value : values) {
            live += value == null ? 0 : 1;
        }
        int size = Math.max(4, Integer.highestOneBit(Math.max(1, live * 2)) * 2);
        budget.allocate(Math.max(0, (long) (size - keys.length) * 2 * SLOT));
        budget.charge(1 + (keys.length >> 2));
        Object[] oldKeys = keys;
        Object[] oldValues = values;
        keys = new Object[size];
        values = new Object[size];
        keysUsed = live;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slotOf(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    /** A border: an index with a value whose successor has none; 0 if 1 has none. */
    public int length() {
        return listSize;
    }

    /** Puts a value in, at an index from 1 to the length plus 1, and moves up what stood there. */
    public void insert(int index, Object value) {
        budget.charge(1 + (listSize - index >> 4));
        append(value);
        System.arraycopy(list, index - 1, list, index, listSize - index);
        list[index - 1] = value;
        trim();
        drawFromHash();
    }

    /** Takes out the value at an index from 1 to the length, and moves down what stood above. */
    public Object removeAt(int index) {
        budget.charge(1 + (listSize - index >> 4));
        Object removed = list[index - 1];
        System.arraycopy(list, index, list, index - 1, listSize - index);
        setListed(listSize, null);
        return removed;
    }

    /**
     * The entry after a key in an order that changes only when keys are added.
     *
     * @param key the key before, or null for the first
     * @return key and value, or null after the last
     * @throws IllegalArgumentException if the key is not in the table
     */
    public Object[] next(Object key) {
        for (int position = positionAfter(key); position < listSize + keys.length; position++) {
            Object value = position < listSize ? list[position] : values[position - listSize];
            if (value != null) {
                return new Object[] {position < listSize ? (double) (position + 1) : keys[position - listSize], value};
            }
            budget.charge(1);
        }
        return null;
    }

    private int positionAfter(Object key) {
        if (key == null) {
            return 0;
        }
        Object sought = key instanceof Double number ? normal(number) : key;
        int index = sought instanceof Double number && (int) number.doubleValue() == number ? number.intValue() : 0;
        if (index >= 1 && index <= listSize) {
            return index;
        }
        if (keys.length > 0) {
            int slot = slotOf(sought);
            if (keys[slot] != null) {
                return listSize + slot + 1;
            }
        }
        // A traversal removed the end of the list; what follows is the hash table.
        if (index >= 1 && index <= list.length) {
            return listSize;
        }
        throw new IllegalArgumentException("key is not in the table");
    }

    @Override
    long measure(Walk walk) {
        walk.visit(metatable);
        walk.visitAll(list);
        walk.visitAll(keys);
        walk.visitAll(values);
        return OCTETS;
    }
}
