// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.mail.SmtpReply;

/** What every {@link DeliveryListener} promises. */
public interface DeliveryListenerContract {

    /** The listener under test, always the same one. */
    DeliveryListener listener();

    /** One event of each kind and of each outcome, with and without what may be missing. */
    static List<DeliveryEvent> events() {
        Instant at = Instant.parse("2026-03-01T12:00:00Z");
        AuthIdentity alice = new AuthIdentity("alice", Optional.empty(), "vault:partner", new CredentialVersion("1"));
        SmtpReply reply = new SmtpReply(250, List.of("2.0.0 taken"));
        return List.of(
                new DeliveryEvent.Accepted(at, new MessageId("m1"), "a@example.test", 1, 1_000),
                new DeliveryEvent.Accepted(at, new MessageId("m2"), "", 10_000, 0),
                new DeliveryEvent.SessionOpened(
                        at, "mx.example.test[127.0.0.1]:25", Optional.empty(), Optional.empty(), Optional.empty()),
                new DeliveryEvent.SessionOpened(
                        at,
                        "mx.example.test[127.0.0.1]:25",
                        Optional.of("TLSv1.3"),
                        Optional.of("PLAIN"),
                        Optional.of(alice)),
                ended(at, Optional.of(alice), new DeliveryOutcome.Delivered(reply)),
                ended(
                        at,
                        Optional.empty(),
                        new DeliveryOutcome.Deferred(DeliveryStage.NOT_CONNECTED, "refused", Optional.empty(), false)),
                ended(at, Optional.empty(), new DeliveryOutcome.Held(DeliveryStage.AUTH_SENT, "no credential")),
                ended(
                        at,
                        Optional.of(alice),
                        new DeliveryOutcome.Failed(
                                DeliveryStage.RCPT, "no such user", Optional.of(new SmtpReply(550, List.of("no"))))));
    }

    private static DeliveryEvent ended(Instant at, Optional<AuthIdentity> identity, DeliveryOutcome outcome) {
        return new DeliveryEvent.AttemptEnded(
                at,
                new MessageId("m1"),
                Binding.DEFAULT,
                RoutingDomain.of("example.test"),
                List.of(MailAddress.parse("b@example.test")),
                identity.map(it -> "mx.example.test[127.0.0.1]:25"),
                identity,
                outcome);
    }

    @Test
    @DisplayName("listener: takes events of every kind")
    default void takesEventsOfEveryKind() {
        for (DeliveryEvent event : events()) {
            assertThatCode(() -> listener().on(event)).as(event.toString()).doesNotThrowAnyException();
        }
    }

    @Test
    @DisplayName("listener: takes events of many threads at once")
    default void takesEventsOfManyThreadsAtOnce() throws Exception {
        AtOnce.run(16, worker -> {
            for (int i = 0; i < 50; i++) {
                events().forEach(listener()::on);
            }
            return null;
        });
    }

    /** The thread is the one that delivers, and has to notice that it shall stop. */
    @Test
    @DisplayName("listener: returns to a thread that is interrupted, and leaves it so")
    default void leavesAnInterruptionToItsThread() {
        Thread.currentThread().interrupt();
        try {
            events().forEach(listener()::on);
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
    }
}
