// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;

/** One message for as many recipients as the listener takes, some of whom the peer refuses. */
final class RecipientsTrial implements Trial {

    private static final String HEAP = "64m";
    private static final int COUNT = 10_000;
    private static final int REFUSED_OF = 100;
    private static final Duration MOST = Duration.ofMinutes(1);

    @Override
    public Finding run(Ground ground) throws IOException, InterruptedException {
        Protocol protocol = new Protocol("a message for 10,000 recipients, a hundred of them refused", HEAP);
        GoodPeer good = new GoodPeer();
        try (Peers peers = Peers.listen(1, good);
                BuiltRelay relay =
                        ground.relay("recipients", "-Xmx" + HEAP, "", "Routes = ( \"" + peers.route(0) + "\" )\n")) {
            int taken = COUNT - COUNT / REFUSED_OF;
            long began = System.nanoTime();
            try (Sender sender = new Sender(relay.port())) {
                sender.send(
                        IntStream.range(0, COUNT)
                                .mapToObj(RecipientsTrial::recipient)
                                .toList(),
                        1024);
            }
            double accepted = Patience.secondsSince(began);
            boolean all = Patience.await(
                    MOST, () -> good.deliveries(Sender.ADDRESS) > 0 && good.deliveries() - reports(good) >= taken);
            ground.say("%,d deliveries, %,d reports", good.deliveries() - reports(good), reports(good));
            protocol.saw(
                    "taken after %.1f s, delivered and reported after %.1f s", accepted, Patience.secondsSince(began));
            protocol.saw("%,d delivered; %,d reports of what was refused", good.different() - 1, reports(good));
            protocol.check(all, "not all is delivered or reported after a minute");
            protocol.check("recipients reached", taken, good.different() - 1);
            protocol.check("deliveries", taken, good.deliveries() - reports(good));
            protocol.look(relay).check("messages that wait", 0, relay.waiting());
        }
        return protocol.end();
    }

    private static String recipient(int number) {
        return (number % REFUSED_OF == 0 ? GoodPeer.NOBODY : "somebody") + number + "@many.example";
    }

    private static int reports(GoodPeer good) {
        return good.deliveries(Sender.ADDRESS);
    }
}
