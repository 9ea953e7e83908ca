// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object (RFC 8259) that was read strictly. Members that are absent and members of another type look the same to
 * whoever asks for one, since neither can be used. It may hold secrets and does not print them.
 */
final class JsonObject {

    static final JsonObject EMPTY = new JsonObject(Map.of());

    private static final int DEEPEST = 32;

    private final Map<String, Object> members;

    private JsonObject(Map<String, Object> members) {
        this.members = members;
    }

    /** @throws UnreadableException if this is no JSON object in UTF-8, or one with a member twice */
    static JsonObject read(byte[] utf8) throws UnreadableException {
        try (JsonReader reader = new JsonReader(new StringReader(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(utf8))
                .toString()))) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(DEEPEST);
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                throw new UnreadableException("is no JSON object");
            }
            JsonObject object = object(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new UnreadableException("goes on after its end");
            }
            return object;
        } catch (CharacterCodingException notText) {
            throw new UnreadableException("is not UTF-8");
        } catch (UnreadableException known) {
            throw known;
        } catch (IOException | IllegalStateException | NumberFormatException broken) {
            // The reader's text quotes what it read.
            throw new UnreadableException("is no JSON, or breaks off");
        }
    }

    private static JsonObject object(JsonReader reader) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (members.put(name, value(reader)) != null) {
                throw new UnreadableException("has a member twice");
            }
        }
        reader.endObject();
        return new JsonObject(members);
    }

    private static Object value(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(reader);
            case BEGIN_ARRAY -> array(reader);
            case STRING -> reader.nextString();
            case NUMBER -> new BigDecimal(reader.nextString());
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield Optional.empty();
            }
            case END_OBJECT, END_ARRAY, NAME, END_DOCUMENT -> throw new UnreadableException("breaks off");
        };
    }

    private static List<Object> array(JsonReader reader) throws IOException {
        List<Object> items = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            items.add(value(reader));
        }
        reader.endArray();
        return items;
    }

    /** The names of the members, in the order of the text. */
    List<String> names() {
        return List.copyOf(members.keySet());
    }

    Optional<JsonObject> object(String name) {
        return of(name, JsonObject.class);
    }

    Optional<String> text(String name) {
        return of(name, String.class);
    }

    boolean flag(String name) {
        return of(name, Boolean.class).orElse(false);
    }

    /** The strings of an array; others are passed over. */
    List<String> texts(String name) {
        return of(name, List.class).stream()
                .flatMap(items -> ((List<?>) items).stream())
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** A whole number, if it is one and positive. */
    Optional<Long> count(String name) {
        return of(name, BigDecimal.class)
                .filter(number -> number.signum() > 0 && number.precision() - number.scale() <= 18)
                .map(BigDecimal::longValue);
    }

    /** Seconds; nothing for zero, with which the server says that there is no end. */
    Optional<Duration> seconds(String name) {
        return count(name).map(count -> Duration.ofSeconds(Math.min(count, Integer.MAX_VALUE)));
    }

    /** A moment (RFC 3339). */
    Optional<Instant> moment(String name) {
        try {
            return text(name).filter(text -> !text.isEmpty()).map(Instant::parse);
        } catch (DateTimeParseException odd) {
            return Optional.empty();
        }
    }

    private <T> Optional<T> of(String name, Class<T> type) {
        return Optional.ofNullable(members.get(name)).filter(type::isInstance).map(type::cast);
    }

    /** An object of strings, as text. */
    static String write(Map<String, String> members) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.setStrictness(Strictness.STRICT);
            writer.beginObject();
            for (Map.Entry<String, String> member : members.entrySet()) {
                writer.name(member.getKey()).value(member.getValue());
            }
            writer.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** The names only. */
    @Override
    public String toString() {
        return "JsonObject" + members.keySet();
    }

    /** Not what was expected. The text completes a sentence that begins with what it was. */
    static final class UnreadableException extends IOException {

        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }
}
