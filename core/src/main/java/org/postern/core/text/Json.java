// SPDX-License-Identifier: Apache-2.0
package org.postern.core.text;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Records as JSON (RFC 8259): a component is a member, a list an array, and what is not there {@code null}. Everything
 * outside ASCII and every control character is escaped, so that the text is safe on any terminal.
 */
public final class Json {

    private static final String STEP = "  ";

    private final StringBuilder text = new StringBuilder();

    private Json() {}

    /** The value as an object, over several lines, for people as well. */
    public static String of(Record value) {
        return text(value);
    }

    /** The values as an array. */
    public static String of(List<? extends Record> values) {
        return text(values);
    }

    private static String text(Object value) {
        Json json = new Json();
        json.write(value, "\n");
        return json.text.toString();
    }

    /** On one line, without an end of line, for one of many. */
    public static String line(Record value) {
        Json json = new Json();
        json.write(value, "");
        return json.text.toString();
    }

    private void write(Object value, String newLine) {
        switch (value) {
            case null -> text.append("null");
            case Optional<?> optional -> write(optional.orElse(null), newLine);
            case Record object -> object(object, newLine);
            case Collection<?> items -> array(items, newLine);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            default -> string(value.toString());
        }
    }

    private void object(Record object, String newLine) {
        text.append('{');
        String separator = deeper(newLine);
        for (RecordComponent component : object.getClass().getRecordComponents()) {
            text.append(separator);
            string(component.getName());
            text.append(": ");
            write(read(component, object), deeper(newLine));
            separator = "," + deeper(newLine);
        }
        text.append(newLine).append('}');
    }

    private static String deeper(String newLine) {
        return newLine.isEmpty() ? newLine : newLine + STEP;
    }

    private static Object read(RecordComponent component, Record object) {
        try {
            return component.getAccessor().invoke(object);
        } catch (ReflectiveOperationException notPublic) {
            throw new IllegalStateException(notPublic);
        }
    }

    private void array(Collection<?> items, String newLine) {
        text.append('[');
        String separator = deeper(newLine);
        for (Object item : items) {
            text.append(separator);
            write(item, deeper(newLine));
            separator = "," + deeper(newLine);
        }
        text.append(items.isEmpty() ? "]" : newLine + "]");
    }

    private void string(String content) {
        text.append('"');
        content.chars().forEach(this::character);
        text.append('"');
    }

    private void character(int c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append((char) c);
        } else if (c < 0x20 || c > 0x7e) {
            text.append(String.format("\\u%04x", c));
        } else {
            text.append((char) c);
        }
    }
}
