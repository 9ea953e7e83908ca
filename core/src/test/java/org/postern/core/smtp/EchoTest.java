// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.SmtpReply;

class EchoTest {

    private static final byte[] PLAIN = base64("\0alice\0wönderland");
    private static final byte[] LOGIN = base64("wönderland");

    private static byte[] base64(String text) {
        return Base64.getEncoder().encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SmtpReply dropped(byte[] sent, String... lines) {
        return Echo.dropped(new SmtpReply(535, List.of(lines)), sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5.7.8 bad password wönderland",
                "5.7.8 bad password w\u00c3\u00b6nderland",
                "5.7.8 <wönderland>",
                "5.7.8 d8O2bmRlcmxhbmQ= is wrong"
            })
    void dropsATextWithThePassword(String line) {
        for (byte[] sent : List.of(PLAIN, LOGIN)) {
            SmtpReply reply = dropped(sent, line);
            assertThat(reply.toString())
                    .isEqualTo("535 5.7.8 <redacted, the peer repeated what it was shown>")
                    .doesNotContain("nderland", "d8O2");
        }
    }

    @Test
    void dropsATextWithTheWholeResponse() {
        assertThat(dropped(PLAIN, "first", "got " + new String(PLAIN, StandardCharsets.US_ASCII))
                        .lines())
                .containsExactly("<redacted, the peer repeated what it was shown>");
    }

    @Test
    void leavesOrdinaryTextsAlone() {
        SmtpReply reply = new SmtpReply(535, List.of("5.7.8 alice: authentication failed", "ask for help"));
        assertThat(Echo.dropped(reply, PLAIN)).isSameAs(reply);
        assertThat(Echo.dropped(reply, LOGIN)).isSameAs(reply);
    }

    @Test
    void leavesATextAloneWhereNothingWasSent() {
        SmtpReply reply = new SmtpReply(535, List.of("a = b"));
        assertThat(Echo.dropped(reply, new byte[] {'='})).isSameAs(reply);
        assertThat(Echo.dropped(reply, new byte[0])).isSameAs(reply);
    }

    @Test
    void doesNotTakeAVeryShortPasswordForAnEcho() {
        SmtpReply reply = new SmtpReply(535, List.of("5.7.8 authentication failed"));
        assertThat(Echo.dropped(reply, base64("\0a\0fai"))).isSameAs(reply);
    }
}
