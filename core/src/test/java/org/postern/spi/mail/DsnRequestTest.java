// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.DsnRequest.Notify;
import org.postern.spi.mail.DsnRequest.Recipient;

class DsnRequestTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "a=b", "+0D+0A", "+0a", "+", "+2", "+00", "+7F", "+80", "\u00e9", "a\r\nb", "+1B[2J"})
    void refusesWhatIsNoXtextOrHidesMoreThanPrintableAscii(String text) {
        assertThat(Xtext.isPrintable(text)).isFalse();
        assertThatThrownBy(() -> new DsnRequest(Optional.empty(), Optional.of(text), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Recipient(Set.of(), Optional.of("rfc822;" + text)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void decodesXtext() {
        assertThat(Xtext.isPrintable("a+20b+2B+3Dc")).isTrue();
        assertThat(Xtext.decode("a+20b+2B+3Dc")).isEqualTo("a b+=c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rfc822", "rfc822;", ";x@y", "rfc 822;x@y", "utf-8;+0A", "utf-8;a\u0085b"})
    void refusesAnOriginalRecipientThatIsNone(String text) {
        assertThatThrownBy(() -> new Recipient(Set.of(), Optional.of(text)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void boundsWhatIsSaid() {
        assertThatThrownBy(() -> new DsnRequest(Optional.empty(), Optional.of("x".repeat(101)), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Recipient(Set.of(), Optional.of("rfc822;" + "x".repeat(494))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Recipient(Set.of(Notify.NEVER, Notify.DELAY), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void belongsToTheRecipientsOfTheEnvelope() {
        Recipient never = new Recipient(Set.of(Notify.NEVER), Optional.empty());
        List<MailAddress> two = List.of(MailAddress.parse("a@b.test"), MailAddress.parse("c@b.test"));
        assertThatThrownBy(() -> new Envelope(
                        Optional.empty(),
                        two,
                        BodyType.SEVEN_BIT,
                        false,
                        new DsnRequest(Optional.empty(), Optional.empty(), List.of(never))))
                .isInstanceOf(IllegalArgumentException.class);
        Envelope whole = new Envelope(
                Optional.empty(),
                two,
                BodyType.SEVEN_BIT,
                false,
                new DsnRequest(Optional.empty(), Optional.empty(), List.of(Recipient.NONE, never)));
        assertThat(whole.forRecipients(List.of(1)).dsn().recipient(0)).isEqualTo(never);
        assertThat(whole.forRecipients(List.of(0)).dsn()).isEqualTo(DsnRequest.NONE);
    }
}
