// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkCheckTest {

    private static boolean passes(String text) {
        byte[] octets = text.replace("<CR>", "\r").replace("<LF>", "\n").getBytes(StandardCharsets.ISO_8859_1);
        return ChunkCheck.passes(octets, 0, octets.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<CR><LF>",
                "a<CR><LF>",
                ".<CR><LF>",
                "Subject: mail from me<CR><LF><CR><LF>.<CR><LF>..<CR><LF>",
                "Mailing-List: contact<CR><LF>",
                "mailto:a@example.test<CR><LF>",
                "Database<CR><LF>",
                "dat<CR><LF>a<CR><LF>",
                "quit<CR><LF>rset<CR><LF>",
                "\u00ff\u0000mail<CR><LF>"
            })
    void letsOrdinaryLinesPass(String content) {
        assertThat(passes(content)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a<CR>",
                "a<LF>",
                "<LF>",
                "<CR>",
                "a<LF>b<CR><LF>",
                "a<CR>b<CR><LF>",
                "a<CR><CR><LF>",
                "a<LF><CR><LF>",
                "a<CR><LF>b",
                "a<CR><LF><LF>",
                "a<CR><LF><CR>"
            })
    void leavesLinesThatDoNotEndInCrlfToData(String content) {
        assertThat(passes(content)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL FROM:<a@example.test><CR><LF>",
                "mail from:<a@example.test><CR><LF>",
                "Mail is here<CR><LF>",
                "a<CR><LF> \t mAiL<CR><LF>",
                "rcpt\tto:<b@example.test><CR><LF>",
                "DATA<CR><LF>",
                "data:text/plain<CR><LF>",
                "BDAT 1 LAST<CR><LF>",
                "SEND FROM:<><CR><LF>",
                "SOML FROM:<><CR><LF>",
                "SAML FROM:<><CR><LF>",
                "TURN<CR><LF>",
                "ATRN a.example<CR><LF>"
            })
    void leavesLinesToDataThatWouldMoveMailIfTheyWereObeyed(String content) {
        assertThat(passes(content)).isFalse();
    }

    @Test
    void leavesLinesToDataThatAPeerMightCut() {
        assertThat(passes("a".repeat(510) + "<CR><LF>")).isTrue();
        assertThat(passes("a".repeat(511) + "<CR><LF>")).isFalse();
    }

    @Test
    void looksOnlyAtWhatIsBetweenThePositions() {
        byte[] octets = "data\r\nfine\r\nmail".getBytes(StandardCharsets.US_ASCII);
        assertThat(ChunkCheck.passes(octets, 6, 12)).isTrue();
        assertThat(ChunkCheck.passes(octets, 0, 12)).isFalse();
        assertThat(ChunkCheck.passes(octets, 6, 16)).isFalse();
    }
}
