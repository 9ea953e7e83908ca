// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.mail.SubmittingClient;

/** What XCLIENT says. */
class XclientAttributesTest {

    private static final Capabilities ALL = offering("NAME ADDR PORT PROTO HELO LOGIN");

    private static Capabilities offering(String attributes) {
        return Capabilities.of(new SmtpReply(250, List.of("mx", "XCLIENT " + attributes)));
    }

    private static Xclient of(Map<String, String> client) {
        return new Xclient(true, SubmittingClient.of(client));
    }

    @Test
    void fitsIntoALineOfSmtpHoweverLongItsValuesAre() {
        Xclient longest = of(Map.of(
                "xclient_name", "x".repeat(190),
                "xclient_addr", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
                "xclient_port", "65535",
                "xclient_helo", "y".repeat(190),
                "xclient_proto", "ESMTP"));
        assertThat(SmtpCommand.xclient(longest.attributes(ALL)).octets().length)
                .isBetween(480, SaslWire.MAX_COMMAND_OCTETS);
    }

    @Test
    void doesNotTellWhatIsTooLongOnlyWhenItIsEncoded() {
        assertThat(of(Map.of("xclient_helo", "=".repeat(64))).attributes(offering("HELO")))
                .containsExactly("HELO=[UNAVAILABLE]");
        assertThat(of(Map.of("xclient_helo", "=".repeat(63))).attributes(offering("HELO")))
                .containsExactly("HELO=" + "+3D".repeat(63));
    }

    @Test
    void saysNothingToAPeerThatWantsNothingOfIt() {
        assertThat(of(Map.of("xclient_addr", "192.0.2.1")).attributes(offering("LOGIN")))
                .isEmpty();
        assertThat(of(Map.of("xclient_addr", "192.0.2.1")).attributes(Capabilities.NONE))
                .isEmpty();
    }
}
