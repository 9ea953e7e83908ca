// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.postern.spi.settings.Origin;

/** Octets as UTF-8 text. A byte order mark at the beginning is dropped. */
final class Text {

    private Text() {}

    static String decode(String file, byte[] octets) throws SyntaxException {
        ByteBuffer in = ByteBuffer.wrap(octets, bom(octets), octets.length - bom(octets));
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw notUtf8(file, octets);
        }
    }

    private static int bom(byte[] octets) {
        boolean present = octets.length >= 3
                && (octets[0] & 0xFF) == 0xEF
                && (octets[1] & 0xFF) == 0xBB
                && (octets[2] & 0xFF) == 0xBF;
        return present ? 3 : 0;
    }

    private static SyntaxException notUtf8(String file, byte[] octets) {
        ByteBuffer in = ByteBuffer.wrap(octets, bom(octets), octets.length - bom(octets));
        CharBuffer valid = CharBuffer.allocate(octets.length);
        StandardCharsets.UTF_8.newDecoder().decode(in, valid, true);
        String before = valid.flip().toString();
        Characters position = new Characters(file, before);
        position.advance(before.length());
        return SyntaxException.fatal(problem(position.origin(), octets));
    }

    private static Problem problem(Origin origin, byte[] octets) {
        Problem problem = Problem.error(origin, "an octet here is not UTF-8");
        boolean utf16 = octets.length >= 2 && ((octets[0] & 0xFF) + (octets[1] & 0xFF)) == 0xFE + 0xFF;
        return problem.hint(utf16 ? "the file looks like UTF-16; save it as UTF-8" : "save the file as UTF-8");
    }
}
