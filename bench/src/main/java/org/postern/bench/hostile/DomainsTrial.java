// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.time.Duration;

/** A message each for a hundred thousand domains with a peer that takes it, and for as many whose peer cannot be reached. */
final class DomainsTrial implements Trial {

    private static final String HEAP = "384m";
    private static final int COUNT = 100_000;
    private static final Duration MOST = Duration.ofMinutes(3);

    /** Nothing listens at the last address of the loopback network. */
    private static final String REFUSING = "smtp://127.255.255.254:9";

    @Override
    public Finding run(Ground ground) throws IOException, InterruptedException {
        Protocol protocol = new Protocol("mail for 100,000 domains, and for 100,000 that cannot be reached", HEAP);
        GoodPeer good = new GoodPeer();
        try (Peers peers = Peers.listen(1, good);
                BuiltRelay relay = ground.relay("domains", "-Xmx" + HEAP, "", scopes(peers))) {
            protocol.saw("%d MiB before", relay.mostResident());
            deliver(ground, protocol, relay, good);
            protocol.look(relay).saw("%d MiB by then", relay.mostResident());
            defer(ground, protocol, relay);
            protocol.check("deliveries", COUNT, good.deliveries()).check("domains reached", COUNT, good.different());
        }
        return protocol.end();
    }

    private static String scopes(Peers peers) {
        return """
                Domain /\\.good\\.example$/ { Routes = ( "%s" ) }
                Domain /\\.refusing\\.example$/ { Routes = ( "%s" ) }
                """.formatted(peers.route(0), REFUSING);
    }

    private static void deliver(Ground ground, Protocol protocol, BuiltRelay relay, GoodPeer good)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        new Load(COUNT, number -> "somebody@d" + number + ".good.example").run(relay.port());
        double taken = Patience.secondsSince(began);
        boolean all = Patience.await(MOST, () -> good.deliveries() >= COUNT);
        ground.say("%,d domains reached", good.different());
        protocol.saw("taken after %.0f s, delivered after %.0f s", taken, Patience.secondsSince(began));
        protocol.check(all, "%,d are missing", COUNT - good.deliveries());
    }

    private static void defer(Ground ground, Protocol protocol, BuiltRelay relay)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        new Load(COUNT, number -> "somebody@d" + number + ".refusing.example").run(relay.port());
        protocol.saw("as many that cannot be reached: taken after %.0f s", Patience.secondsSince(began));
        protocol.look(relay);
        long waiting = relay.waiting();
        ground.say("%,d wait", waiting);
        protocol.look(relay).check("messages that wait", COUNT, waiting);
    }
}
