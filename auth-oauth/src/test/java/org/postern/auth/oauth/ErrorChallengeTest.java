// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.Octets;

class ErrorChallengeTest {

    private static final String TOKEN = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";

    private static String read(String json) {
        return ErrorChallenge.read(Octets.utf8(json), TOKEN.getBytes(US_ASCII)).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"status\":\"401\"}|status 401",
                "{\"status\":401}|status 401",
                "{\"status\":4.01e2,\"x\":null}|status 4.01e2",
                "{\"scope\":\"s\",\"status\":\"t\"}|status t, scope s",
                "{\"status\":[\"401\"],\"scope\":\"s\"}|scope s",
                "{\"a\":{\"b\":[[[{}]]]},\"status\":\"400\"}|status 400",
                "  {\"status\" : \"401\"}  |status 401",
                "{\"status\":\"1\",\"status\":\"2\"}|status 2"
            })
    void readsWhatServersSend(String json, String text) {
        assertThat(read(json)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "null",
                "401",
                "[]",
                "\"x\"",
                "{\"status\"",
                "{\"status\":",
                "{status:401}",
                "<html>401",
                " ",
                "{'status':'401'}",
                "\u0000",
                "{\"status\":\"4"
            })
    void callsTheRestNoJson(String json) {
        assertThat(read(json)).isEqualTo("with a reason that is not JSON");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(read("")).isEqualTo("without giving a reason");
        assertThat(read("{}")).isEqualTo("with a reason that names no status");
        assertThat(read("{\"status\":\"" + "x".repeat(5_000) + "\"}")).contains("longer than 4096 octets");
    }

    @Test
    void followsNoNestingWithoutEnd() {
        assertThat(read("{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}"))
                .isEqualTo("with a reason that is not JSON");
    }

    @Test
    void showsVisibleAsciiOnOneLineOnly() {
        assertThat(read("{\"status\":\"a\\r\\n2026-01-01 INFO forged\\u001b[31m\\u2028b\u00e9\"}"))
                .isEqualTo("status a 2026-01-01 INFO forged [31m b");
        assertThat(read("{\"scope\":\"" + "x".repeat(1_000) + "\"}")).hasSize("scope ".length() + 103);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"scope\":\"got %s\"}", "{\"status\":\"%s\"}", "{\"scope\":\"\\u0079%.0s\"}"})
    void doesNotQuoteAServerThatRepeatsTheToken(String json) {
        String tail = json.startsWith("{\"scope\":\"\\u0079")
                ? json.replace("%.0s", TOKEN.substring(1))
                : json.formatted(TOKEN);
        assertThat(read(tail)).contains("(repeats the token)").doesNotContain(TOKEN.substring(4, 20));
    }

    @Test
    void neverFailsWhateverIsSent() {
        Random random = new Random(7628);
        String[] pieces = {
            "{", "}", "[", "]", "\"status\"", ":", ",", "\"", "\\", "\\u00", "4", "e", "-", "null", "\n", "\u00e9"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder json = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                json.append(pieces[random.nextInt(pieces.length)]);
            }
            assertThat(read(json.toString())).isNotBlank().matches("[ -~]+");
        }
    }
}
