// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a private key from a PEM file in the forms that OpenSSL writes: PKCS #8 (RFC 5958), and its older ones for RSA
 * (RFC 8017 appendix A.1.2) and elliptic curves (RFC 5915), which are wrapped into the first.
 */
final class PemKey {

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN (?<label>[A-Z ]*PRIVATE KEY)-----(?<body>.*?)-----END \\k<label>-----", Pattern.DOTALL);
    private static final HexFormat HEX = HexFormat.of();

    /** AlgorithmIdentifier of RSA, whole. */
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");

    /** The object identifier of elliptic curves. */
    private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int CURVE = 0xA0;
    private static final long MOST = 1 << 20;

    private PemKey() {}

    /**
     * The first private key in the file. What was read is wiped, but for the key.
     *
     * @throws IOException if the file cannot be read, holds no key, or one that is encrypted
     * @throws GeneralSecurityException if the Java runtime cannot use the key
     */
    static PrivateKey in(Path file) throws IOException, GeneralSecurityException {
        if (Files.size(file) > MOST) {
            throw new IOException("it has more than " + MOST + " octets, too many for a key");
        }
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new IOException("there is no private key in PEM in it");
        }
        String label = block.group("label");
        String body = block.group("body");
        if (label.startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw new IOException("its key is encrypted, and nobody is here to type the passphrase; "
                    + "store it decrypted (openssl pkey -in FILE -out NEW) and readable by the relay alone");
        }
        byte[] octets = decoded(body);
        byte[] wrapped = wrapped(label, octets);
        try {
            return key(wrapped);
        } finally {
            Arrays.fill(octets, (byte) 0);
            Arrays.fill(wrapped, (byte) 0);
        }
    }

    private static byte[] decoded(String body) throws IOException {
        try {
            return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
        } catch (IllegalArgumentException notBase64) {
            throw new IOException("its key is not in base64", notBase64);
        }
    }

    private static byte[] wrapped(String label, byte[] octets) throws IOException {
        return switch (label) {
            case "PRIVATE KEY" -> octets.clone();
            case "RSA PRIVATE KEY" -> tagged(SEQUENCE, VERSION_0, RSA, tagged(OCTET_STRING, octets));
            case "EC PRIVATE KEY" ->
                tagged(SEQUENCE, VERSION_0, tagged(SEQUENCE, EC, curve(octets)), tagged(OCTET_STRING, octets));
            default -> throw new IOException("a key of the form '" + label + "' is not understood");
        };
    }

    /** Tried in turn: the form names its algorithm, but the Java runtime wants to be told. */
    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException, IOException {
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA", "RSASSA-PSS"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException another) {
                // The next one may fit.
            }
        }
        throw new IOException("its key is damaged, or of a kind that is neither RSA, nor EC, nor EdDSA");
    }

    /** The object identifier of the curve, from the parameters that follow version and key. */
    private static byte[] curve(byte[] ecKey) throws IOException {
        try {
            int version = (ecKey[1] & 0xFF) > 0x80 ? 3 : 2;
            int key = version + VERSION_0.length;
            int parameters = key + 2 + ecKey[key + 1];
            int end = parameters + 2 + ecKey[parameters + 1];
            if ((ecKey[parameters] & 0xFF) == CURVE
                    && ecKey[parameters + 2] == OBJECT_IDENTIFIER
                    && end <= ecKey.length) {
                return Arrays.copyOfRange(ecKey, parameters + 2, end);
            }
        } catch (ArrayIndexOutOfBoundsException | NegativeArraySizeException | IllegalArgumentException cutOff) {
            // The same answer as for a key without parameters.
        }
        throw new IOException("its key names no curve");
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        byte[] length = BigInteger.valueOf(content.size()).toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() >= 0x80) {
            // A sign octet of zero would make the length longer than it may be.
            int from = length[0] == 0 ? 1 : 0;
            out.write(0x80 | (length.length - from));
            out.write(length, from, length.length - from);
        } else {
            out.writeBytes(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
