// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who handed a message in, from variables that anybody may have written. */
class SubmittingClientTest {

    @ParameterizedTest
    @CsvSource({
        "xclient_name, mail_1.example.org",
        "xclient_addr, 192.0.2.1",
        "xclient_addr, 2001:db8::1",
        "xclient_addr, ::ffff:192.0.2.1",
        "xclient_port, 1",
        "xclient_port, 65535",
        "xclient_helo, [192.0.2.1]",
        "xclient_helo, a=b+c",
        "xclient_proto, SMTP",
        "xclient_proto, ESMTP"
    })
    void comesBackFromItsVariablesAsItWas(String name, String value) {
        assertThat(SubmittingClient.of(Map.of(name, value)).variables()).isEqualTo(Map.of(name, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\r",
                "a\n",
                "a\0b",
                "\r\nQUIT",
                "1\r\n",
                "192.0.2.1\n",
                "p\u00e4ckchen",
                "256.1.1.1x y"
            })
    void doesNotKnowWhatHasAnotherForm(String value) {
        assertThat(SubmittingClient.of(Map.of(
                                "xclient_name", value,
                                "xclient_addr", value,
                                "xclient_port", value,
                                "xclient_helo", value,
                                "xclient_proto", value))
                        .variables())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "xclient_addr, 256.1.1.1",
        "xclient_addr, 1.2.3",
        "xclient_addr, localhost",
        "xclient_addr, fe80::1%eth0",
        "xclient_port, 0",
        "xclient_port, 65536",
        "xclient_port, 99999",
        "xclient_proto, LMTP",
        "xclient_proto, esmtp"
    })
    void doesNotKnowWhatIsOutOfBounds(String name, String value) {
        assertThat(SubmittingClient.of(Map.of(name, value)).variables()).isEmpty();
    }

    @Test
    void doesNotKnowNamesThatWouldMakeALineTooLong() {
        assertThat(SubmittingClient.of(Map.of("xclient_helo", "x".repeat(190), "xclient_name", "x".repeat(191)))
                        .variables())
                .containsOnlyKeys("xclient_helo");
    }

    @Test
    void isNotTakenFromVariablesOfAnotherName() {
        assertThat(SubmittingClient.of(Map.of("addr", "192.0.2.1", "XCLIENT_ADDR", "192.0.2.1"))
                        .variables())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a, a", "a+b=c, a+2Bb+3Dc", "'a b', a+20b", "\u00e4, +C3+A4", "'', ''"})
    void encodesTextForParametersOfCommands(String text, String encoded) {
        assertThat(Xtext.encode(text)).isEqualTo(encoded);
    }
}
