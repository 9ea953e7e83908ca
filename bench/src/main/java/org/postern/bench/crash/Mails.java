// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Messages, each another: for one to four recipients in one or more domains, small and large.
 *
 * <p>Threading: safe for several threads. What a message is like follows from the seed and its number.
 */
final class Mails {

    private static final int LONGEST_LINE = 120;

    private final long seed;
    private final AtomicInteger next = new AtomicInteger();

    Mails(long seed) {
        this.seed = seed;
    }

    Submitter.Mail next() {
        int number = next.getAndIncrement();
        Random random = new Random(seed * 1_000_003 + number);
        String name = "m" + number;
        List<String> recipients = new ArrayList<>();
        for (int i = 1 + random.nextInt(4) * random.nextInt(2); i > 0; i--) {
            Setup.Destination to = Setup.DESTINATIONS.get(random.nextInt(Setup.DESTINATIONS.size()));
            recipients.add(name + "." + recipients.size() + "@" + to.domain());
        }
        String binding = Setup.BINDINGS.get(random.nextInt(Setup.BINDINGS.size()));
        return new Submitter.Mail(name, binding, List.copyOf(recipients), content(name, random));
    }

    private static byte[] content(String name, Random random) {
        StringBuilder text = new StringBuilder("From: <" + name + "@" + Setup.SENDERS + ">\r\nSubject: gr\u00fc\u00dfe "
                + name + "\r\n\r\n.\r\n..\r\n.hidden\r\nFrom here on\r\n");
        int octets = octets(random);
        while (text.length() < octets) {
            int length = random.nextInt(LONGEST_LINE);
            for (int i = 0; i < length; i++) {
                text.append((char) ('!' + random.nextInt('~' - '!')));
            }
            text.append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    // Most are short; one in a hundred is too long for the log of the spool and gets a file of its own.
    private static int octets(Random random) {
        int drawn = random.nextInt(100);
        if (drawn < 75) {
            return random.nextInt(3_000);
        }
        return drawn < 99 ? random.nextInt(60_000) : 270_000 + random.nextInt(100_000);
    }
}
