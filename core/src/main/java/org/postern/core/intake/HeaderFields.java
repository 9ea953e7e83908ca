// SPDX-License-Identifier: Apache-2.0
package org.postern.core.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.spi.policy.ReceivedMessage;

/**
 * The fields of a header (RFC 5322 section 2.2). A line that is no field is passed over, and so is a field that the bound
 * cuts off.
 */
public final class HeaderFields {

    private static final int STEP = 8 * 1024;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private HeaderFields() {}

    /**
     * Reads the start of a content, up to the empty line or the bound.
     *
     * @throws IOException if it cannot be read
     */
    public static HeaderFields read(InputStream content) throws IOException {
        ByteArrayOutputStream start = new ByteArrayOutputStream(STEP);
        String sofar = "";
        while (start.size() < ReceivedMessage.HEADER_OCTETS && !hasEnd(sofar)) {
            byte[] more = content.readNBytes(Math.min(STEP, ReceivedMessage.HEADER_OCTETS - start.size()));
            if (more.length == 0) {
                break;
            }
            start.writeBytes(more);
            sofar = start.toString(StandardCharsets.ISO_8859_1);
        }
        return of(start.toByteArray());
    }

    private static boolean hasEnd(String text) {
        return text.contains("\r\n\r\n") || text.startsWith("\r\n");
    }

    /** The fields in the start of a content. */
    public static HeaderFields of(byte[] start) {
        HeaderFields fields = new HeaderFields();
        StringBuilder field = new StringBuilder();
        int from = 0;
        for (int end = lineEnd(start, from); end >= 0 && end > from; end = lineEnd(start, from)) {
            boolean folded = start[from] == ' ' || start[from] == '\t';
            if (!folded) {
                fields.add(field);
            }
            field.append(new String(start, from, end - from, StandardCharsets.UTF_8));
            from = end + 2;
        }
        fields.add(field);
        return fields;
    }

    /** The index of the next CRLF; negative where the rest is no whole line. */
    private static int lineEnd(byte[] octets, int from) {
        for (int i = from; i + 1 < octets.length; i++) {
            if (octets[i] == '\r' && octets[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void add(StringBuilder field) {
        int colon = field.indexOf(":");
        if (colon > 0) {
            String name = field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            values.computeIfAbsent(name, ignored -> new ArrayList<>())
                    .add(field.substring(colon + 1).strip());
        }
        field.setLength(0);
    }

    /** What the fields of this name say, from top to bottom; the name in any case. */
    public List<String> values(String name) {
        return List.copyOf(values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }
}
