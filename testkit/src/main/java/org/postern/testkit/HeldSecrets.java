// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks through an object's fields, and what they lead to, for a secret that should have been wiped. */
final class HeldSecrets {

    private final Canaries canaries;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> ahead = new ArrayDeque<>();

    private HeldSecrets(Canaries canaries, Object... notLookedAt) {
        this.canaries = canaries;
        Collections.addAll(seen, notLookedAt);
    }

    /** Whether the object holds a canary other than in these, which hold it by right. */
    static boolean in(Object object, Canaries canaries, Object... notLookedAt) throws IllegalAccessException {
        HeldSecrets search = new HeldSecrets(canaries, notLookedAt);
        search.add(object);
        return search.run();
    }

    private boolean run() throws IllegalAccessException {
        while (!ahead.isEmpty()) {
            if (holds(ahead.remove())) {
                return true;
            }
        }
        return false;
    }

    private void add(Object object) {
        if (object != null && seen.add(object)) {
            ahead.add(object);
        }
    }

    private boolean holds(Object object) throws IllegalAccessException {
        switch (object) {
            case byte[] octets -> {
                return !canaries.findIn(octets).isEmpty();
            }
            case char[] characters -> {
                return !canaries.findIn(new String(characters)).isEmpty();
            }
            case CharSequence text -> {
                return !canaries.findIn(text.toString().getBytes(StandardCharsets.UTF_8))
                        .isEmpty();
            }
            case Collection<?> items -> items.forEach(this::add);
            case Map<?, ?> map -> {
                map.keySet().forEach(this::add);
                map.values().forEach(this::add);
            }
            case Optional<?> optional -> optional.ifPresent(this::add);
            default -> addParts(object);
        }
        return false;
    }

    private void addParts(Object object) throws IllegalAccessException {
        Class<?> type = object.getClass();
        if (type.isArray()) {
            for (int i = 0;
                    i < Array.getLength(object) && !type.getComponentType().isPrimitive();
                    i++) {
                add(Array.get(object, i));
            }
            return;
        }
        for (Class<?> at = type; at != null && !at.getName().startsWith("java."); at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !field.getType().isPrimitive()
                        && field.trySetAccessible()) {
                    add(field.get(object));
                }
            }
        }
    }
}
