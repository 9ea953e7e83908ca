// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The forms of a key file that KeePass tools write: 32 octets as they are, 64 hexadecimal digits, and XML of version 2
 * with a check value. Any other file stands for its own SHA-256.
 */
public final class KeyFileFormat {

    /** Octets of a key. */
    public static final int LENGTH = 32;

    private static final int CHECK = 4;
    private static final int LARGEST_XML = 4096;
    private static final Pattern XML = Pattern.compile(
            "<KeyFile>.*<Version>\\s*2\\.0+\\s*</Version>.*<Data(?:\\s+Hash=\"([0-9A-Fa-f]{8})\")?\\s*>([0-9A-Fa-f\\s]*)</Data>.*</KeyFile>",
            Pattern.DOTALL);

    private KeyFileFormat() {}

    /**
     * The key in a file that has one of the three forms.
     *
     * @return 32 octets for the caller to wipe; nothing for a file without form
     * @throws MalformedKeyException if it has the form of a key file and is damaged
     */
    static Optional<byte[]> read(byte[] content) throws MalformedKeyException {
        if (content.length == LENGTH) {
            return Optional.of(content.clone());
        }
        if (content.length > LARGEST_XML) {
            return Optional.empty();
        }
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        if (text.length() == 2 * LENGTH && text.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.of(HexFormat.of().parseHex(text));
        }
        return text.contains("<KeyFile>") ? Optional.of(readXml(text)) : Optional.empty();
    }

    private static byte[] readXml(String text) throws MalformedKeyException {
        Matcher found = XML.matcher(text);
        if (!found.find()) {
            throw new MalformedKeyException("is a KeePass key file, but not a whole one of version 2");
        }
        String digits = found.group(2).replaceAll("\\s", "");
        if (digits.length() != 2 * LENGTH) {
            throw new MalformedKeyException("is a KeePass key file whose key is not 32 octets");
        }
        byte[] key = HexFormat.of().parseHex(digits);
        if (found.group(1) != null && !found.group(1).equalsIgnoreCase(check(key))) {
            throw new MalformedKeyException("is a KeePass key file that fails its check: a digit is wrong");
        }
        return key;
    }

    /** A key file with a new random key; the caller wipes it. */
    public static byte[] random() {
        byte[] key = new byte[LENGTH];
        new SecureRandom().nextBytes(key);
        try {
            return write(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** A key as XML of version 2, which people can print and KeePassXC reads. */
    public static byte[] write(byte[] key) {
        String digits = HexFormat.of().withUpperCase().formatHex(key);
        StringBuilder lines = new StringBuilder();
        for (int from = 0; from < digits.length(); from += 8) {
            lines.append(from % 32 == 0 ? "\n            " : " ").append(digits, from, from + 8);
        }
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <KeyFile>
                    <Meta>
                        <Version>2.0</Version>
                    </Meta>
                    <Key>
                        <Data Hash="%s">%s
                        </Data>
                    </Key>
                </KeyFile>
                """.formatted(check(key), lines).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has SHA-256", missing);
        }
    }

    private static String check(byte[] key) {
        return HexFormat.of().formatHex(Arrays.copyOf(sha256(key), CHECK)).toUpperCase(Locale.ROOT);
    }
}
