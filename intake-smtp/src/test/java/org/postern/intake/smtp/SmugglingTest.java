// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever stands near the end of content: one message or a refusal, never a second one out of the first. */
class SmugglingTest {

    private static final char[] OCTETS = {'\r', '\n', '.', '\0', 'a'};
    private static final int LONGEST = 6;
    private static final String ENVELOPE =
            "EHLO c.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n";
    private static final String HIDDEN =
            "MAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\nhidden\r\n.\r\n";
    private static final String BODY = "Subject: x\r\n\r\nbody";

    private final ListenSettings settings =
            Settings.listen("127.0.0.1:0").with("add_received", "no").read();

    @Test
    void neverTakesTwoMessagesOutOfOne() throws IOException {
        for (String tail : strings()) {
            FakeEngine engine = new FakeEngine();
            String said = ENVELOPE + BODY + tail + HIDDEN + "QUIT\r\n";
            MemorySession.talk(engine, settings, said);
            check(tail, engine);
        }
    }

    @Test
    void neverTakesTwoMessagesWhateverThePacketsAre() throws IOException {
        for (String tail : strings()) {
            if (tail.length() <= 4) {
                FakeEngine engine = new FakeEngine();
                String said = ENVELOPE + BODY + tail + HIDDEN + "QUIT\r\n";
                String[] octets = said.split("");
                MemorySession.talk(engine, settings, octets);
                check(tail, engine);
            }
        }
    }

    @Test
    void neverTakesTwoMessagesOverASocket() throws IOException {
        try (OpenListener listener =
                new OpenListener(Settings.listen("127.0.0.1:0").with("add_received", "no"))) {
            for (String tail : strings()) {
                if (tail.length() <= 3) {
                    listener.engine.accepted.clear();
                    try (RawClient client = RawClient.introduced(listener.address())) {
                        client.beginContent().send(BODY + tail + HIDDEN + "QUIT\r\n");
                        while (!client.reply().isEmpty()) {
                            // Only the end of the conversation matters.
                        }
                    }
                    check(tail, listener.engine);
                }
            }
        }
    }

    // The only true end is CRLF.CRLF; up to there the content must be as sent, and then the rest are commands again.
    private static void check(String tail, FakeEngine engine) {
        String content = BODY + tail + HIDDEN;
        boolean ends = (BODY + tail).contains("\r\n.\r\n");
        String first = content.substring(0, content.indexOf("\r\n.\r\n") + 2);
        boolean clean = hasOnlyPairs(first);
        List<String> taken = engine.accepted.stream()
                .map(message -> new String(message.content(), StandardCharsets.US_ASCII))
                .toList();
        if (!clean) {
            assertThat(taken).as(show(tail)).isEmpty();
        } else if (!ends) {
            assertThat(taken).as(show(tail)).containsExactly(first.replace("\r\n.", "\r\n"));
        } else {
            assertThat(taken).as(show(tail)).isNotEmpty();
            assertThat(taken.get(0)).isEqualTo(first);
        }
        assertThat(engine.open).as(show(tail)).hasValue(0);
    }

    private static boolean hasOnlyPairs(String text) {
        String rest = text.replace("\r\n", "");
        return rest.indexOf('\r') < 0 && rest.indexOf('\n') < 0;
    }

    private static String show(String tail) {
        return tail.replace("\r", "<CR>").replace("\n", "<LF>").replace("\0", "<NUL>");
    }

    private static List<String> strings() {
        List<String> all = new java.util.ArrayList<>();
        extend("", all::add);
        return all;
    }

    private static void extend(String start, Consumer<String> consumer) {
        consumer.accept(start);
        if (start.length() < LONGEST) {
            for (char octet : OCTETS) {
                extend(start + octet, consumer);
            }
        }
    }
}
