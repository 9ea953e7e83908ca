// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.config.store.Folder;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopePath;

class PasswordsTest {

    @TempDir
    Path directory;

    private String read(String written) {
        Loaded loaded = new Folder(directory).load("Outbound_SMTP_AUTH_Pass = " + written + "\nTLS = no\n");
        assertThat(loaded.isRight()).isTrue();
        return loaded.snapshot()
                .at(ScopePath.GLOBAL, OutboundAuthSettings.PASS)
                .orElseThrow()
                .value()
                .orElseThrow()
                .reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "back\\slash",
                "dollar$\\d{2}",
                "a#b",
                " leading and trailing ",
                "user:pass:word",
                "paßwörd \u65e5\u672c \uD83D\uDD11",
                "{}[]()=/,;*",
                "/* no comment */",
                "it's",
                "%s ${x} $1"
            })
    void surviveInDoubleQuotes(String password) {
        assertThat(read('"' + password + '"')).isEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"say \"yes\"", "\"", "a#b \\d", "{\"json\": \"x\"}"})
    void surviveInSingleQuotes(String password) {
        assertThat(read("'" + password + "'")).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {"a\\\"b,a\"b", "a\\\\b,a\\b", "a\\\\,a\\", "\\\\\\\\n,\\\\n", "a\\'b,a\\'b", "a\\b,a\\b"})
    void areDecodedAsWritten(String written, String password) {
        assertThat(read('"' + written + '"')).isEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"back\\slash", "user:pass", "a/b", "paßwörd", "*$%&!?", "FALSE1", "0"})
    void surviveWithoutQuotesWhereNoneAreNeeded(String password) {
        assertThat(read(password)).isEqualTo(password);
    }
}
