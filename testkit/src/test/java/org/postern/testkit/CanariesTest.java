// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanariesTest {

    private final Canaries canaries = new Canaries();
    private final String secret = canaries.plant("vault");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void findsTheSecretItself() {
        assertThat(canaries.findIn("before" + secret + "after")).contains("vault (raw)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void findsBase64WhereverItBeginsAndEnds(int before) {
        for (int after = 0; after < 4; after++) {
            byte[] whole = utf8("\u0001".repeat(before) + secret + "\u007f".repeat(after));
            assertThat(canaries.findIn(Base64.getEncoder().encodeToString(whole)))
                    .isNotEmpty();
            assertThat(canaries.findIn(Base64.getUrlEncoder().withoutPadding().encodeToString(whole)))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, 8, 9})
    void findsBase64OfSecretsOfEveryLength(int length) {
        byte[] chosen = utf8("s3cret-x+".substring(0, length));
        Canaries others = new Canaries().watch("short", chosen);
        for (int before = 0; before < 3; before++) {
            byte[] whole = utf8("u".repeat(before) + new String(chosen, StandardCharsets.UTF_8) + "\u00ff");
            assertThat(others.findIn(Base64.getEncoder().encodeToString(whole))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "us", "use", "user@example.test"})
    void findsAPlainResponse(String user) {
        byte[] response = utf8("\0" + user + "\0" + secret);
        assertThat(canaries.findIn("AUTH PLAIN " + Base64.getEncoder().encodeToString(response)))
                .isNotEmpty();
    }

    @Test
    void findsBase64BrokenIntoLines() {
        byte[] mime = Base64.getMimeEncoder(12, utf8("\r\n\t")).encode(utf8("xx" + secret));
        assertThat(canaries.findIn(mime)).isNotEmpty();
    }

    @Test
    void findsHexadecimalInEitherCase() {
        assertThat(canaries.findIn(HexFormat.of().formatHex(utf8(secret)))).contains("vault (hexadecimal)");
        assertThat(canaries.findIn(HexFormat.of().withUpperCase().formatHex(utf8(secret))))
                .contains("vault (hexadecimal)");
        assertThat(canaries.findIn(HexFormat.ofDelimiter(":").formatHex(utf8(secret))))
                .contains("vault (hexadecimal with colons)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 9, 15})
    void findsTheRowsOfADump(int before) {
        String octets = HexFormat.ofDelimiter(" ").formatHex(utf8("\u0001".repeat(before) + secret + "\u0002"));
        String rows = octets.replaceAll("((?:[0-9a-f]{2} ){16})", "$1\n");
        assertThat(canaries.findIn(rows)).contains("vault (rows of a dump)");
        assertThat(canaries.findIn(rows.toUpperCase(Locale.ROOT).replaceAll("(?m)^", "|000A10| ")))
                .containsExactly("vault (rows of a dump)");
        assertThat(canaries.findIn(rows.replaceAll("(?m)^(.{23}) (.*?) ?$", "0010  $1  $2  |..ab de..|")))
                .containsExactly("vault (rows of a dump)");
        assertThat(canaries.findIn(rows.replaceAll("(..) (..)(?m) ?", "$1$2 ").replaceAll("(?m)^", "00000010: ")))
                .containsExactly("vault (rows of a dump)");
    }

    @Test
    void findsPercentEncoding() {
        assertThat(canaries.findIn(URLEncoder.encode(secret, StandardCharsets.UTF_8)))
                .contains("vault (percent-encoded)");
        assertThat(canaries.findIn(
                        HexFormat.of().withUpperCase().withPrefix("%").formatHex(utf8(secret))))
                .contains("vault (percent-encoded throughout)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\x%02x", "\\%03d", "\\%03o", "\\u%04x", "\\u%04X", "=%02X", "&#x%x;", "&#x%X;", "&#%d;"})
    void findsEscapes(String format) {
        StringBuilder escaped = new StringBuilder("before");
        for (byte octet : utf8(secret)) {
            escaped.append(format.formatted(octet));
        }
        assertThat(canaries.findIn(escaped)).hasSize(1);
    }

    @Test
    void findsWhatIsWrittenBackwards() {
        assertThat(canaries.findIn(new StringBuilder("user\0" + secret).reverse()))
                .containsExactly("vault (backwards)");
    }

    @Test
    void plantsNothingWithoutTheMarker() {
        assertThat(secret).hasSize(28).contains(Canaries.MARKER);
        assertThat(new Canaries()
                        .watch("marker", utf8(Canaries.MARKER))
                        .findIn(Base64.getEncoder().encodeToString(utf8("\0alice\0" + secret))))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE"})
    void findsUtf16(String charset) {
        assertThat(canaries.findIn(secret.getBytes(Charset.forName(charset)))).isNotEmpty();
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(canaries.findIn("the quick brown fox " + new Canaries().plant("other")))
                .isEmpty();
        assertThat(canaries.findIn(new byte[0])).isEmpty();
    }

    @Test
    void looksThroughDirectoriesAndAcrossTheEdgesOfChunks(@TempDir Path directory) throws Exception {
        Path file = Files.createDirectories(directory.resolve("a/b")).resolve("big");
        byte[] content = new byte[(1 << 20) + 100];
        byte[] octets = utf8(secret);
        System.arraycopy(octets, 0, content, (1 << 20) - 5, octets.length);
        Files.write(file, content);
        assertThat(canaries.findIn(directory)).anyMatch(found -> found.startsWith(file + ": vault (raw)"));
    }

    @Test
    void findsARowThatTheEdgeOfAChunkCutsInTwo(@TempDir Path directory) throws Exception {
        String rows = HexFormat.ofDelimiter(" ").formatHex(utf8(secret)).replaceAll("((?:[0-9a-f]{2} ){16})", "$1\n");
        Path file = Files.writeString(
                directory.resolve("log"), "-\n".repeat((1 << 19) - 10) + rows.replaceAll("(?m)^", "0010: "));
        assertThat(canaries.findInContent(file)).containsExactly("vault (rows of a dump)");
    }

    @Test
    void looksAtNamesOfFiles(@TempDir Path directory) throws Exception {
        Files.createFile(directory.resolve(HexFormat.of().formatHex(utf8(secret))));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> canaries.assertAbsentFrom(directory))
                .withMessageContaining("name of a file");
    }

    @Test
    void reportsPlaceAndFormAndNeverTheSecret() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> canaries.assertAbsentFrom("the log", secret))
                .withMessageContaining("the log")
                .withMessageContaining("vault (raw)")
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain(secret));
        assertThat(canaries.toString()).doesNotContain(secret);
    }

    @Test
    void looksIntoCauses() {
        Exception thrown = new IllegalStateException("outer", new IllegalArgumentException("bad: " + secret));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> canaries.assertAbsentFrom("the exception", thrown));
    }

    @Test
    void refusesSecretsThatTurnUpByChance() {
        assertThatIllegalArgumentException().isThrownBy(() -> canaries.watch("short", utf8("12345")));
    }
}
