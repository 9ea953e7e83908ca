// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.Secret;

class KdbxTest {

    private static final CompositeKey KEY = CompositeKey.ofPassphrase("correct horse".getBytes(StandardCharsets.UTF_8));
    private static final String CANARY = "canary-7Gq2Zp-secret";

    static Stream<Arguments> makes() throws Exception {
        List<Arguments> makes = new ArrayList<>();
        for (OuterCipher cipher : OuterCipher.values()) {
            makes.add(Arguments.of(cipher, cheap()));
            makes.add(Arguments.of(
                    cipher,
                    KeyDerivation.read(KeyDerivationTest.argon2(Argon2Derivation.ARGON2D, 65536, 1, 2)
                            .toByteArray())));
            makes.add(Arguments.of(cipher, KeyDerivation.forRandomKey(new java.security.SecureRandom())));
        }
        return makes.stream();
    }

    @ParameterizedTest
    @MethodSource("makes")
    void opensWhatItSealed(OuterCipher cipher, KeyDerivation derivation) throws Exception {
        byte[] file = seal(cipher, derivation, List.of(secret(CANARY), secret("second")));
        try (Kdbx opened = Kdbx.open(file, KEY)) {
            assertThat(opened.root().children("Value").map(Element::text)).containsExactly(CANARY, "second");
            assertThat(opened.root().textOf("Plain")).isEqualTo("a\r\nb\t<&>\"' Grüße \uD83D\uDE00");
            assertThat(opened.root().child("Plain").orElseThrow().attributes()).containsEntry("a", "1\r\n\"<2");
        }
    }

    static Stream<byte[]> awkwardSecrets() {
        Random random = new Random(42);
        List<byte[]> secrets = new ArrayList<>(List.of(
                new byte[0],
                new byte[] {0},
                "a\r\nb\0c\r".getBytes(StandardCharsets.UTF_8),
                " \t ".getBytes(StandardCharsets.UTF_8),
                "<&]]>\"'".getBytes(StandardCharsets.UTF_8),
                "Pässwörd-\uD83D\uDD11-пароль".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0x80}));
        for (int length = 1; length <= 16 * 1024; length *= 2) {
            for (int size : new int[] {length - 1, length, length + 1}) {
                byte[] octets = new byte[size];
                random.nextBytes(octets);
                secrets.add(octets);
            }
        }
        byte[] megabyte = new byte[1024 * 1024];
        random.nextBytes(megabyte);
        secrets.add(megabyte);
        return secrets.stream();
    }

    @Test
    void keepsEveryOctetOfAwkwardSecrets() throws Exception {
        List<byte[]> secrets = awkwardSecrets().toList();
        byte[] file = seal(
                OuterCipher.AES_256_CBC,
                cheap(),
                secrets.stream().map(Secret::copyOf).toList());
        try (Kdbx opened = Kdbx.open(file, KEY)) {
            List<Secret> read =
                    opened.root().children("Value").map(Element::toSecret).toList();
            assertThat(read).hasSameSizeAs(secrets);
            for (int i = 0; i < read.size(); i++) {
                byte[] octets = read.get(i).reveal(byte[]::clone);
                assertThat(octets).as("secret %d", i).isEqualTo(secrets.get(i));
            }
        }
    }

    @ParameterizedTest
    @DisplayName("C2-18: every flipped bit is noticed")
    @MethodSource("makes")
    void noticesEveryFlippedBit(OuterCipher cipher, KeyDerivation derivation) throws Exception {
        // Argon2 with a megabyte is for one cipher's sake too slow; the same code runs with less.
        KeyDerivation quick = derivation.describe().contains("1024 KiB") ? cheap() : derivation;
        byte[] file = seal(cipher, quick, List.of(secret(CANARY)));
        for (int bit = 0; bit < file.length * 8; bit++) {
            file[bit / 8] ^= (byte) (1 << bit % 8);
            refuses(file, "bit " + bit);
            file[bit / 8] ^= (byte) (1 << bit % 8);
        }
        Kdbx.open(file, KEY).close();
    }

    @Test
    @DisplayName("C2-18: every truncation and every appended octet is noticed")
    void noticesEveryTruncationAndEveryAppendedOctet() throws Exception {
        byte[] file = seal(OuterCipher.CHACHA20, cheap(), List.of(secret(CANARY)));
        for (int length = 0; length < file.length; length++) {
            refuses(Arrays.copyOf(file, length), "length " + length);
        }
        refuses(Arrays.copyOf(file, file.length + 1), "an octet more");
    }

    @Test
    void saysThatTheKeyIsWrong() throws Exception {
        byte[] file = seal(OuterCipher.AES_256_CBC, cheap(), List.of(secret(CANARY)));
        try (CompositeKey other = CompositeKey.ofPassphrase("other".getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> Kdbx.open(file, other))
                    .isInstanceOfSatisfying(
                            UnreadableVaultException.class,
                            wrong -> assertThat(wrong.isWrongKey()).isTrue())
                    .hasMessageContaining("does not open with this key");
        }
    }

    @Test
    void noticesBlocksInAnotherOrder() throws Exception {
        byte[] large = new byte[3 * 1024 * 1024];
        new Random(1).nextBytes(large);
        byte[] file = seal(OuterCipher.CHACHA20, cheap(), List.of(Secret.copyOf(large)));
        int first = headerLength(file) + 64;
        int block = 32 + 4 + 1024 * 1024;
        byte[] swapped = file.clone();
        System.arraycopy(file, first, swapped, first + block, block);
        System.arraycopy(file, first + block, swapped, first, block);
        assertThatThrownBy(() -> Kdbx.open(swapped, KEY)).hasMessageContaining("block 0");
    }

    @Test
    void neverWritesTheSameOctetsTwice() throws Exception {
        byte[] first = seal(OuterCipher.AES_256_CBC, cheap(), List.of(secret(CANARY)));
        try (Kdbx opened = Kdbx.open(first, KEY)) {
            byte[] second = opened.seal(KEY);
            assertThat(Arrays.copyOf(second, 512)).isNotEqualTo(Arrays.copyOf(first, 512));
            Kdbx.open(second, KEY).close();
        }
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain(CANARY);
    }

    @Test
    void refusesXmlThatIsNotUtf8AndWritesNothingToStandardError() {
        byte[] xml = {'<', 'a', '>', (byte) 0xC3, (byte) 0x28, '<', '/', 'a', '>'};
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> XmlReader.ofClear().read(xml, 0)).hasMessageContaining("malformed XML");
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
                "<a>&undefined;</a>",
                "<a><b></a>",
                "<a Protected=\"True\">%%%</a>",
                "<a Protected=\"True\"><b/></a>",
                "<a/><b/>",
                "",
                "no xml at all"
            })
    void refusesXmlThatIsNoVault(String xml) {
        byte[] octets = xml.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new XmlReader(InnerStream.chaCha20(new byte[64])).read(octets, 0))
                .isInstanceOf(UnreadableVaultException.class);
    }

    @Test
    void refusesXmlThatIsNestedTooDeeply() {
        byte[] deep = ("<a>".repeat(200_000)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new XmlReader(InnerStream.chaCha20(new byte[64])).read(deep, 0))
                .isInstanceOf(UnreadableVaultException.class);
    }

    @Test
    void refusesContentThatUnpacksWithoutEnd() {
        byte[] bomb = Compression.pack(new byte[10_000]);
        assertThatThrownBy(() -> Compression.unpack(bomb, 9_999)).hasMessageContaining("more than 9999");
    }

    @Test
    void writesNoFileThatNobodyCouldRead() {
        XmlWriter writer = new XmlWriter(InnerStream.chaCha20(new byte[64]));
        for (String text : List.of("\0", "a\u001b", "\ud800", "\uffff")) {
            assertThatThrownBy(() -> writer.write(Element.of("Value", text)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void showsNothingOfItsContent() {
        try (Element element = Element.sealing("Value", secret(CANARY))) {
            assertThat(element).hasToString("<Value>");
        }
    }

    private static void refuses(byte[] file, String what) {
        try {
            Kdbx.open(file, KEY).close();
        } catch (UnreadableVaultException refused) {
            assertThat(refused.getMessage()).doesNotContain(CANARY);
            return;
        }
        throw new AssertionError("opened in spite of " + what);
    }

    private static byte[] seal(OuterCipher cipher, KeyDerivation derivation, List<Secret> secrets) {
        Element root = new Element("KeePassFile");
        Element plain = root.add(Element.of("Plain", "a\r\nb\t<&>\"' Grüße \uD83D\uDE00"));
        plain.attributes().put("a", "1\r\n\"<2");
        secrets.forEach(secret -> root.add(Element.sealing("Value", secret)));
        try (Kdbx fresh = Kdbx.fresh(cipher, derivation, root)) {
            return fresh.seal(KEY);
        }
    }

    private static KeyDerivation cheap() throws UnreadableVaultException {
        return KeyDerivation.read(KeyDerivationTest.aes(1).toByteArray());
    }

    private static Secret secret(String text) {
        return Secret.of(text);
    }

    private static int headerLength(byte[] file) throws UnreadableVaultException {
        Reading in = new Reading(file);
        OuterHeader.read(file, in);
        return in.position() - 32;
    }
}
