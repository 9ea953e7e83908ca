// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An object in JSON (RFC 8259). Everything outside ASCII and every control character is escaped, so that the text is safe on
 * any terminal.
 */
final class JsonObject {

    private final StringBuilder members = new StringBuilder();

    /** Adds a member: a text, number, truth, object, list of these, or nothing, which is {@code null}. */
    JsonObject put(String name, Object value) {
        members.append(members.isEmpty() ? "" : ", ")
                .append(string(name))
                .append(": ")
                .append(json(value));
        return this;
    }

    private static String json(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(JsonObject::json).orElse("null");
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case JsonObject object -> object.toString();
            case Collection<?> items ->
                items.stream().map(JsonObject::json).collect(Collectors.joining(",\n  ", "[", "]"));
            default -> string(value.toString());
        };
    }

    private static String string(String content) {
        StringBuilder text = new StringBuilder("\"");
        content.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < 0x20 || c > 0x7e) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.append((char) c);
            }
        });
        return text.append('"').toString();
    }

    @Override
    public String toString() {
        return "{" + members + "}";
    }
}
