// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.peer.ReceivedMessage;
import org.postern.spi.settings.Throttle;

/** The whole relay, from the client's connection to the peer's, with a message that is damaged while it waits. */
@Timeout(60)
class WholeRelayOnDamagedDiskTest {

    private static final Throttle NO_LIMIT = new Throttle(1_000, Duration.ofHours(1));
    private static final Duration EXPIRATION = Duration.ofDays(1);

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Letter damaged = Letter.of(1, 100, WholeRelay.LATE);
    private final Letter neighbour = Letter.of(2, 100, WholeRelay.GONE);

    @Test
    void tellsTheSenderInTheEndAndDeliversNothingOfIt() throws IOException {
        try (WholeRelay relay = new WholeRelay(disk, NO_LIMIT)) {
            relay.start();
            assertThat(relay.handIn(damaged)).startsWith("250 ");
            assertThat(relay.handIn(neighbour)).startsWith("250 ");
            relay.awaitQuiet();
            disk.flipLastBitOf(damaged.content().getBytes(US_ASCII));

            relay.letTimePass();
            assertThat(relay.peer().messages())
                    .as("the neighbour's sender is told as ever")
                    .singleElement()
                    .satisfies(report -> assertThat(text(report))
                            .contains("Final-Recipient: rfc822; " + WholeRelay.GONE, "X-Number: 2"));
            relay.letTimePass(EXPIRATION);
            relay.letTimePass(Duration.ofHours(1));
            assertThat(relay.peer().messages()).hasSize(1);
            relay.letTimePass();
            assertThat(relay.finish()).isTrue();

            assertThat(relay.peer().messages()).hasSize(2);
            assertThat(text(relay.peer().messages().getLast()))
                    .contains("Final-Recipient: rfc822; " + WholeRelay.LATE, "X-Postern-Message: ")
                    .contains("damaged record in ", "The message itself could not be read any more")
                    .doesNotContain("X-Number");
            relay.stop();
            try (LocalSpool spool =
                    LocalSpool.openIdle(disk.afterKill(), WholeRelay.SMALL, Clock.systemUTC(), Mail.ALL_HELD)) {
                assertThat(Mail.recover(spool)).isEmpty();
            }
        }
    }

    private static String text(ReceivedMessage message) {
        return new String(message.content(), US_ASCII);
    }
}
