// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Writes elements as XML, protected values encrypted in the order of the document. For one document.
 *
 * <p>The runtime's stream writer is not used: it leaves a carriage return as it is, which the next reader would turn
 * into a line feed.
 */
final class XmlWriter {

    private final InnerStream stream;
    private final StringBuilder out = new StringBuilder();

    XmlWriter(InnerStream stream) {
        this.stream = stream;
    }

    byte[] write(Element root) {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        element(root);
        return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void element(Element element) {
        out.append('<').append(element.name());
        element.attributes().forEach(this::attribute);
        if (element.isSealed()) {
            attribute("Protected", "True");
        }
        out.append('>');
        content(element);
        out.append("</").append(element.name()).append('>');
    }

    private void content(Element element) {
        if (element.isSealed()) {
            String sealed = element.secret().reveal(clear -> Base64.getEncoder().encodeToString(stream.next(clear)));
            out.append(sealed);
        } else if (element.children().isEmpty()) {
            escaped(element.text());
        } else {
            element.children().forEach(this::element);
        }
    }

    private void attribute(String name, String value) {
        out.append(' ').append(name).append("=\"");
        escaped(value);
        out.append('"');
    }

    private void escaped(String text) {
        if (!canCarry(text)) {
            // Better no new file than one that nobody can read.
            throw new IllegalArgumentException("a text of the vault has a character that XML cannot carry");
        }
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\r', '\n', '\t' -> out.append("&#").append(point).append(';');
                default -> out.appendCodePoint(point);
            }
        });
    }

    /** Whether every character of the text can stand in XML 1.0, escaped or not. */
    static boolean canCarry(String text) {
        return text.codePoints().allMatch(XmlWriter::isCharacter);
    }

    private static boolean isCharacter(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || point >= 0x20 && point <= 0xd7ff
                || point >= 0xe000 && point <= 0xfffd
                || point >= 0x10000;
    }
}
