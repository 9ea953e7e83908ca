// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a state's scripts have held that must not be shown: passwords that they set or read, and whatever came from a
 * credential's source. Hangs on the state. What was a secret once stays one as long as the state lives.
 */
public final class Secrets {

    private static final String MASK = "***";

    /** The oldest are forgotten; a state that sees more different passwords than this keeps them nowhere either. */
    private static final int MOST = 1_024;

    /** Longer values are masked by their beginning, which is as good as the whole. */
    private static final int LONGEST = 4_096;

    private final Map<String, Set<String>> forms = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
            return size() > MOST;
        }
    };

    /** Notes a Lua string as secret; an empty one is none. */
    public void add(String value) {
        String noted = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
        if (!noted.isEmpty()) {
            forms.computeIfAbsent(noted, Secrets::forms);
        }
    }

    // As scripts pass secrets on: in base64, in hexadecimal, reversed; short ones only as they are, since they would
    // otherwise mask what has nothing to do with them.
    private static Set<String> forms(String value) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(value);
        if (value.length() >= 3) {
            byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
            for (int shift = 0; shift < 3; shift++) {
                String core = base64(octets, shift);
                forms.add(core);
                forms.add(core.replace('+', '-').replace('/', '_'));
            }
            String hexadecimal = HexFormat.of().formatHex(octets);
            forms.add(hexadecimal);
            forms.add(HexFormat.of().withUpperCase().formatHex(octets));
            forms.add(new StringBuilder(value).reverse().toString());
        }
        forms.removeIf(String::isEmpty);
        return forms;
    }

    /** The characters of base64 that depend on the value alone, whatever precedes and follows it. */
    private static String base64(byte[] octets, int shift) {
        byte[] shifted = new byte[octets.length + shift];
        System.arraycopy(octets, 0, shifted, shift, octets.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int from = shift == 0 ? 0 : shift + 1;
        return encoded.substring(from, Math.max(from, shifted.length / 3 * 4 + shifted.length % 3));
    }

    /** A Lua string with every secret in it replaced. */
    public String mask(String text) {
        String masked = text;
        for (Set<String> shapes : forms.values()) {
            for (String shape : shapes) {
                masked = masked.replace(shape, MASK);
            }
        }
        return masked;
    }
}
