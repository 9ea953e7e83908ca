// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How a secret may look where it has leaked to, each form as octets read in ISO-8859-1. */
final class SecretForms {

    static final String HEXADECIMAL = "hexadecimal";

    private SecretForms() {}

    static Map<String, String> of(byte[] secret) {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("raw", latin(secret));
        for (int shift = 0; shift < 3; shift++) {
            forms.put("base64 at " + shift, core(Base64.getEncoder(), secret, shift));
            forms.put("url-safe base64 at " + shift, core(Base64.getUrlEncoder(), secret, shift));
        }
        forms.put(HEXADECIMAL, HexFormat.of().formatHex(secret));
        forms.put("hexadecimal with colons", HexFormat.ofDelimiter(":").formatHex(secret));
        forms.put("percent-encoded throughout", HexFormat.of().withPrefix("%").formatHex(secret));
        forms.put("percent-encoded", percentEncoded(secret));
        forms.put("backslash-escaped", HexFormat.of().withPrefix("\\x").formatHex(secret));
        forms.put("backslash-escaped in decimal", escaped(secret, "\\%03d"));
        forms.put("backslash-escaped in octal", escaped(secret, "\\%03o"));
        forms.put(
                "backslash-escaped as JSON", HexFormat.of().withPrefix("\\u00").formatHex(secret));
        forms.put(
                "hexadecimal of quoted-printable",
                HexFormat.of().withPrefix("=").formatHex(secret));
        forms.put("hexadecimal references of XML", escaped(secret, "&#x%x;"));
        forms.put("decimal references of XML", escaped(secret, "&#%d;"));
        forms.put("backwards", new StringBuilder(latin(secret)).reverse().toString());
        String text = new String(secret, StandardCharsets.UTF_8);
        forms.put("UTF-16 big-endian", latin(text.getBytes(StandardCharsets.UTF_16BE)));
        forms.put("UTF-16 little-endian", latin(text.getBytes(StandardCharsets.UTF_16LE)));
        return forms;
    }

    /** Whether a form reads the same in upper and lower case; its needle is in lower case. */
    static boolean ignoresCase(String form) {
        return form.startsWith(HEXADECIMAL) || form.startsWith("percent") || form.startsWith("backslash");
    }

    /** The characters of base64 that depend on the secret alone, whatever precedes and follows it. */
    private static String core(Base64.Encoder encoder, byte[] secret, int shift) {
        byte[] shifted = new byte[secret.length + shift];
        System.arraycopy(secret, 0, shifted, shift, secret.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = shift == 0 ? 0 : shift + 1;
        int wholeGroups = shifted.length / 3 * 4;
        int left = shifted.length % 3;
        // Of the last group, only characters without a bit of what follows: one for one octet, two for two.
        return encoded.substring(from, wholeGroups + left);
    }

    private static String escaped(byte[] secret, String format) {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : secret) {
            escaped.append(String.format(Locale.ROOT, format, octet & 0xff));
        }
        return escaped.toString();
    }

    private static String percentEncoded(byte[] secret) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : secret) {
            boolean unreserved = octet >= 'a' && octet <= 'z'
                    || octet >= 'A' && octet <= 'Z'
                    || octet >= '0' && octet <= '9'
                    || "-._~".indexOf(octet) >= 0;
            encoded.append(unreserved ? Character.toString(Character.toLowerCase(octet)) : "%%%02x".formatted(octet));
        }
        return encoded.toString();
    }

    private static String latin(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
