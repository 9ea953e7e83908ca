// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postern.peer.ReceivedMessage;

/**
 * A client that comes back with what was refused for now, as clients do, and that knows afterwards what it was promised:
 * every letter that was answered with 250 has come to each of its recipients once, or its sender has been told once.
 */
final class Conversation {

    private static final int MOST_ATTEMPTS = 2;

    private final WholeRelay relay;
    private final String name;
    private final List<Letter> promised = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private int letters;

    Conversation(WholeRelay relay, String name) {
        this.relay = relay;
        this.name = name;
    }

    /** Hands a letter in until it is taken. */
    void send(int size, String... recipients) throws IOException {
        Letter letter = Letter.of(++letters, size, recipients);
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            if (handIn(letter).startsWith("250 ")) {
                return;
            }
            relay.letTimePass();
        }
        throw new AssertionError(name + ": letter " + letters + " was never taken: " + refusals);
    }

    /** Hands a letter in once; returns the reply. */
    String tryToSend(int size, String... recipients) throws IOException {
        return handIn(Letter.of(++letters, size, recipients));
    }

    private String handIn(Letter letter) throws IOException {
        String reply = relay.handIn(letter);
        if (reply.startsWith("250 ")) {
            promised.add(letter);
        } else {
            refusals.add(reply);
        }
        return reply;
    }

    /** Stops the relay with what waits in it, and starts it again, as often as an operator may have to. */
    void restart() throws IOException {
        relay.awaitQuiet();
        relay.stop();
        try {
            relay.start();
        } catch (IOException onceMore) {
            relay.start();
        }
    }

    /** What was refused, in order. */
    List<String> refusals() {
        return refusals;
    }

    /** Lets everything come to its end. */
    void end() {
        assertThat(relay.finish()).as("%s: everything is settled", name).isTrue();
    }

    /** Judges the relay that was never cut off. */
    void judge() {
        judge(1, 1);
    }

    /**
     * Judges a relay that was cut off: what could not be noted any more, and that alone, is done again. So is a notification
     * whose commit was cut off: it may have reached the disk all the same, and nobody was told.
     */
    void judgeAfterPowerCut() {
        boolean repeats = !relay.unnoted().isEmpty();
        judge(repeats ? 2 : 1, repeats ? 3 : 2);
    }

    private void judge(long mostDeliveries, long mostNotifications) {
        for (Letter letter : promised) {
            for (String recipient : letter.recipients()) {
                boolean exists = WholeRelay.exists(recipient);
                assertThat(deliveries(letter, recipient))
                        .as("%s: deliveries of letter %d to %s", name, letter.number(), recipient)
                        .isBetween(exists ? 1L : 0L, exists ? mostDeliveries : 0L);
                assertThat(notifications(letter, recipient))
                        .as("%s: notifications of letter %d to %s", name, letter.number(), recipient)
                        .isBetween(exists ? 0L : 1L, exists ? 0L : mostNotifications);
            }
        }
    }

    private long deliveries(Letter letter, String recipient) {
        return received(letter).stream()
                .filter(message -> message.recipients().contains(recipient))
                .peek(message -> assertThat(text(message)).endsWith(letter.content()))
                .count();
    }

    private long notifications(Letter letter, String recipient) {
        return received(letter).stream()
                .filter(message -> message.mailFrom().isEmpty())
                .filter(message -> text(message).contains("Final-Recipient: rfc822; " + recipient))
                .count();
    }

    private List<ReceivedMessage> received(Letter letter) {
        return relay.peer().messages().stream()
                .filter(message -> Letter.numberIn(message.content()).orElse(0) == letter.number())
                .toList();
    }

    private static String text(ReceivedMessage message) {
        return new String(message.content(), US_ASCII);
    }
}
