// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postern.config.store.language.Item.Span;

/** A file's text, of which pieces are replaced and all the rest is kept octet by octet. Immutable. */
public final class SourceText {

    private final byte[] mark;
    private final String text;

    private SourceText(byte[] mark, String text) {
        this.mark = mark;
        this.text = text;
    }

    /** @throws IOException if the file cannot be read, or is no text any more */
    public static SourceText read(Path file) throws IOException {
        byte[] octets = Files.readAllBytes(file);
        try {
            String text = Text.decode(file.toString(), octets);
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            return new SourceText(java.util.Arrays.copyOf(octets, octets.length - length), text);
        } catch (SyntaxException notText) {
            throw new IOException(notText.problem().toString());
        }
    }

    /** What stands there. */
    public String at(Span span) {
        return text.substring(span.start(), span.end());
    }

    /** The octets with each span replaced; spans must not overlap. */
    public byte[] with(Map<Span, String> replacements, String appendix) {
        SortedMap<Integer, Map.Entry<Span, String>> ordered = new TreeMap<>();
        replacements.entrySet().forEach(entry -> ordered.put(entry.getKey().start(), entry));
        StringBuilder edited = new StringBuilder(text.length());
        int done = 0;
        for (Map.Entry<Span, String> entry : ordered.values()) {
            edited.append(text, done, entry.getKey().start()).append(entry.getValue());
            done = entry.getKey().end();
        }
        edited.append(text, done, text.length()).append(appendix);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(mark);
        octets.writeBytes(edited.toString().getBytes(StandardCharsets.UTF_8));
        return octets.toByteArray();
    }
}
