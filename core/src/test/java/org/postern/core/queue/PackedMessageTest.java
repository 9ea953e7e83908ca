// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpooledMessage;

class PackedMessageTest {

    private static SpooledMessage afterPacking(SpooledMessage message) {
        return PackedMessage.of(message).unpacked();
    }

    @Test
    void isWhatItWas() {
        SpooledMessage message = Messages.to("m1", "a@one.example", "B@two.EXAMPLE");
        assertThat(afterPacking(message)).isEqualTo(message);
        assertThat(afterPacking(message).envelope().recipients().getLast()).hasToString("B@two.EXAMPLE");
    }

    @Test
    void keepsTheNullSender() {
        SpooledMessage message = Messages.of("m1", Optional.empty(), "a@one.example");
        assertThat(afterPacking(message)).isEqualTo(message);
    }

    @Test
    void keepsEveryStateOfItsOwn() {
        Instant due = Instant.parse("2026-01-03T00:00:00.123456789Z");
        SpooledMessage message = with(
                "r@one.example",
                DsnRequest.NONE,
                new RecipientState(false, 0, Messages.RECEIVED),
                new RecipientState(true, 3, due),
                new RecipientState(false, 70_000, due, true),
                new RecipientState(false, 0, Messages.RECEIVED, true),
                new RecipientState(false, 1, Instant.MAX),
                new RecipientState(false, 1, Instant.MIN));
        assertThat(afterPacking(message)).isEqualTo(message);
    }

    @Test
    void keepsWhatIsNotAscii() {
        SpooledMessage message =
                with("\"pelé 𝄞\"@bücher.example", DsnRequest.NONE, RecipientState.fresh(Messages.RECEIVED));
        assertThat(afterPacking(message)).isEqualTo(message);
        assertThat(afterPacking(message).envelope().recipients().getFirst()).hasToString("\"pelé 𝄞\"@bücher.example");
    }

    @Test
    void keepsWhatTheSenderWantsToHear() {
        DsnRequest dsn = new DsnRequest(
                Optional.of(DsnRequest.Return.HDRS),
                Optional.of("QQ314159"),
                List.of(new DsnRequest.Recipient(Set.of(DsnRequest.Notify.DELAY), Optional.empty())));
        SpooledMessage message = with("r@one.example", dsn, RecipientState.fresh(Messages.RECEIVED));
        assertThat(afterPacking(message)).isEqualTo(message);
    }

    @Test
    void keepsTenThousandRecipients() {
        RecipientState[] states = new RecipientState[10_000];
        Arrays.setAll(states, i -> new RecipientState(i % 2 == 0, i, Messages.RECEIVED));
        SpooledMessage message = with("r@one.example", DsnRequest.NONE, states);
        assertThat(afterPacking(message)).isEqualTo(message);
    }

    private static SpooledMessage with(String recipient, DsnRequest dsn, RecipientState... states) {
        Envelope envelope = new Envelope(
                Optional.of(MailAddress.parse("s@example.org")),
                List.of(states).stream()
                        .map(state -> MailAddress.parse(recipient))
                        .toList(),
                BodyType.EIGHT_BIT_MIME,
                true,
                dsn);
        return new SpooledMessage(
                new MessageId("1k0xvfsjxp5"),
                envelope,
                Binding.DEFAULT,
                Map.of("name", "value"),
                Messages.RECEIVED.plusNanos(1),
                Long.MAX_VALUE,
                List.of(states));
    }
}
