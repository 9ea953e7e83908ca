// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Values;

/** {@code json} (RFC 8259). A null is nil; a table whose keys are 1, 2, 3 … is an array. */
public final class JsonLibrary {

    private static final int DEEPEST = 100;
    private static final double MALFORMED = 1;
    private static final long EXACT = 1L << 53;

    private JsonLibrary() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Module.named(state, "json").function("encode", JsonLibrary::encode).function("decode", JsonLibrary::decode);
    }

    /** The value; or nil, a code and a message. */
    private static Object[] decode(Arguments call) {
        String text = call.string(1);
        call.budget().chargeOctets(text.length());
        call.budget().allocate(text.length() * 2L);
        try (JsonReader reader = new JsonReader(new StringReader(strictText(text)))) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(DEEPEST);
            Object value = read(call.state(), reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("something follows the value");
            }
            return Values.one(value);
        } catch (EOFException cutOff) {
            return failure(call, "the text ends before the value does");
        } catch (CharacterCodingException notUtf8) {
            return failure(call, "the text is not UTF-8");
        } catch (IOException | NumberFormatException malformed) {
            return failure(call, "malformed JSON");
        }
    }

    private static Object[] failure(Arguments call, String what) {
        return new Object[] {null, MALFORMED, call.state().string(what)};
    }

    private static String strictText(String octets) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(Values.toOctets(octets)))
                .toString();
    }

    private static Object read(LuaState state, JsonReader reader) throws IOException {
        state.budget().charge(1);
        return switch (reader.peek()) {
            case BEGIN_ARRAY -> array(state, reader);
            case BEGIN_OBJECT -> object(state, reader);
            case STRING -> string(state, reader.nextString());
            case NUMBER -> reader.nextDouble();
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield null;
            }
            case NAME, END_ARRAY, END_OBJECT, END_DOCUMENT -> throw new MalformedJsonException("no value");
        };
    }

    private static String string(LuaState state, String text) {
        return state.string(Values.fromText(text));
    }

    private static LuaTable array(LuaState state, JsonReader reader) throws IOException {
        LuaTable table = state.table();
        reader.beginArray();
        for (int i = 1; reader.hasNext(); i++) {
            table.set(i, read(state, reader));
        }
        reader.endArray();
        return table;
    }

    private static LuaTable object(LuaState state, JsonReader reader) throws IOException {
        LuaTable table = state.table();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = string(state, reader.nextName());
            table.set(name, read(state, reader));
        }
        reader.endObject();
        return table;
    }

    private static Object[] encode(Arguments call) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            write(call, writer, call.anyValue(1), 0);
        } catch (CharacterCodingException notUtf8) {
            throw call.bad(1, "a string is not UTF-8");
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return Values.one(string(call.state(), text.toString()));
    }

    private static void write(Arguments call, JsonWriter writer, Object value, int depth) throws IOException {
        call.budget().charge(1);
        switch (value) {
            case null -> writer.nullValue();
            case Boolean truth -> writer.value(truth);
            case Double number -> write(call, writer, number);
            case String string -> {
                call.budget().allocate(string.length() * 3L);
                writer.value(strictText(string));
            }
            case LuaTable table when depth < DEEPEST -> write(call, writer, table, depth + 1);
            case LuaTable table -> throw call.bad(1, "nested deeper than " + DEEPEST + " tables, or in itself");
            default -> throw call.bad(1, "JSON has no " + Values.typeName(value));
        }
    }

    private static void write(Arguments call, JsonWriter writer, Double number) throws IOException {
        if (number.isNaN() || number.isInfinite()) {
            throw call.bad(1, "JSON has neither infinite numbers nor NaN");
        }
        if (number == Math.rint(number) && Math.abs(number) <= EXACT) {
            writer.value(number.longValue());
        } else {
            writer.value(number.doubleValue());
        }
    }

    private static void write(Arguments call, JsonWriter writer, LuaTable table, int depth) throws IOException {
        if (isArray(call, table)) {
            writer.beginArray();
            for (int i = 1; i <= table.length(); i++) {
                write(call, writer, table.get(i), depth);
            }
            writer.endArray();
            return;
        }
        writer.beginObject();
        for (Object[] entry = table.next(null); entry != null; entry = table.next(entry[0])) {
            String name = Values.toText(entry[0]);
            if (name == null) {
                throw call.bad(1, "a key is a " + Values.typeName(entry[0]));
            }
            writer.name(strictText(name));
            write(call, writer, entry[1], depth);
        }
        writer.endObject();
    }

    private static boolean isArray(Arguments call, LuaTable table) {
        int entries = 0;
        for (Object[] entry = table.next(null); entry != null; entry = table.next(entry[0])) {
            call.budget().charge(1);
            entries++;
        }
        return entries > 0 && entries == table.length();
    }
}
