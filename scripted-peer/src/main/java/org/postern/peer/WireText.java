// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Wire text as dialogues write it: UTF-8, escapes, and base64 shown decoded. */
final class WireText {

    private static final Pattern BASE64 = Pattern.compile("<b64 \"((?:[^\"\\\\]|\\\\.)*)\">");
    private static final Pattern CANDIDATE = Pattern.compile("[A-Za-z0-9+/]{4,}={0,2}$");
    /** Four letters, which are base64 as well. */
    private static final Pattern VERB = Pattern.compile("DATA|HELP|NOOP|QUIT|RSET");

    private WireText() {}

    /** The octets of a text that the peer says. */
    static byte[] octets(String text) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        eachPart(text, part -> result.writeBytes(decode(part)), encoded -> result.writeBytes(encoded));
        return result.toByteArray();
    }

    /** The octets of a line that the peer says, CRLF added. */
    static byte[] line(String text) {
        byte[] octets = octets(text);
        byte[] line = Arrays.copyOf(octets, octets.length + 2);
        line[octets.length] = '\r';
        line[octets.length + 1] = '\n';
        return line;
    }

    /** What the client is to say, matched against its octets read as ISO-8859-1. */
    static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder();
        eachPart(
                text,
                part -> appendWithWildcards(regex, part),
                encoded -> regex.append(Pattern.quote(new String(encoded, StandardCharsets.ISO_8859_1))));
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private interface Part<T> {
        void accept(T part);
    }

    private static void eachPart(String text, Part<String> plain, Part<byte[]> base64) {
        Matcher matcher = BASE64.matcher(text);
        int from = 0;
        while (matcher.find()) {
            plain.accept(text.substring(from, matcher.start()));
            base64.accept(Base64.getEncoder().encode(decode(matcher.group(1))));
            from = matcher.end();
        }
        String rest = text.substring(from);
        if (rest.contains("<b64")) {
            throw new IllegalArgumentException("base64 is written <b64 \"text\">");
        }
        plain.accept(rest);
    }

    private static void appendWithWildcards(StringBuilder regex, String part) {
        int from = 0;
        for (int i = 0; i <= part.length(); i++) {
            if (i == part.length() || part.charAt(i) == '*') {
                String literal = new String(decode(part.substring(from, i)), StandardCharsets.ISO_8859_1);
                regex.append(Pattern.quote(literal)).append(i < part.length() ? ".*" : "");
                from = i + 1;
            } else if (part.charAt(i) == '\\') {
                i++;
            }
        }
    }

    private static byte[] decode(String text) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (point == '\\') {
                at = decodeEscape(text, at + 1, result);
            } else {
                at += Character.charCount(point);
                result.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        }
        return result.toByteArray();
    }

    private static int decodeEscape(String text, int at, ByteArrayOutputStream result) {
        char escape = at < text.length() ? text.charAt(at) : ' ';
        switch (escape) {
            case 'r' -> result.write('\r');
            case 'n' -> result.write('\n');
            case 't' -> result.write('\t');
            case '0' -> result.write(0);
            case '\\', '"', '*' -> result.write(escape);
            case 'x' -> {
                result.write(hex(text, at + 1));
                return at + 3;
            }
            default ->
                throw new IllegalArgumentException("escapes are \\r \\n \\t \\0 \\xNN \\\\ \\\" \\*, not \\" + escape);
        }
        return at + 1;
    }

    private static int hex(String text, int at) {
        if (at + 2 > text.length()
                || !HexFormat.isHexDigit(text.charAt(at))
                || !HexFormat.isHexDigit(text.charAt(at + 1))) {
            throw new IllegalArgumentException("\\x needs two hexadecimal digits");
        }
        return HexFormat.fromHexDigits(text, at, at + 2);
    }

    /** Octets for people: UTF-8 where they are, and escapes for what cannot be seen. */
    static String show(byte[] octets) {
        try {
            return escape(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return escape(new String(octets, StandardCharsets.ISO_8859_1), 0x7e);
        }
    }

    /** The same, with base64 at the end of the line decoded, for a comparison with a line that shows it so. */
    static String showDecoded(byte[] octets) {
        String line = show(octets);
        Matcher matcher = CANDIDATE.matcher(line);
        if (!matcher.find() || VERB.matcher(line).matches()) {
            return line;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(matcher.group());
            return line.substring(0, matcher.start()) + "<b64 \""
                    + show(decoded).replace("\"", "\\\"") + "\">";
        } catch (IllegalArgumentException notBase64) {
            return line;
        }
    }

    private static String escape(String text) {
        return escape(text, Character.MAX_VALUE);
    }

    private static String escape(String text, int lastPlain) {
        StringBuilder shown = new StringBuilder();
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n");
                case 0 -> shown.append("\\0");
                case '\\' -> shown.append("\\\\");
                default -> shown.append(c > lastPlain || Character.isISOControl(c) ? "\\x%02x".formatted((int) c) : c);
            }
        }
        return shown.toString();
    }
}
