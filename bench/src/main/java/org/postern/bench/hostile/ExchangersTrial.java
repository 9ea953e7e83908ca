// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;

/** Mail for many domains, each of which has as many MX records as an answer holds. */
final class ExchangersTrial implements Trial {

    private static final String HEAP = "128m";
    private static final int DOMAINS = 1_000;
    /** More do not fit into the 65,535 octets that an answer may have. */
    private static final int EXCHANGERS = 2_500;

    private static final Duration MOST = Duration.ofMinutes(2);

    @Override
    public Finding run(Ground ground) throws IOException, InterruptedException {
        Protocol protocol = new Protocol("1,000 domains with 2,500 MX records each", HEAP);
        GoodPeer good = new GoodPeer();
        try (Peers peers = Peers.listen(1, good);
                NameServer names = NameServer.start(new Zone(
                        EXCHANGERS,
                        InetAddress.getByName(URI.create(peers.route(0)).getHost())));
                BuiltRelay relay = ground.relay(
                        "exchangers",
                        "-Xmx" + HEAP + " -Ddns.server=127.0.0.1:" + names.port(),
                        "",
                        "Remote_SMTP_Port = " + peers.port() + "\n")) {
            protocol.saw("%d MiB before", relay.mostResident());
            long began = System.nanoTime();
            new Load(DOMAINS, number -> "somebody@d" + number + ".exchangers.example").run(relay.port());
            boolean all = Patience.await(MOST, () -> good.deliveries() >= DOMAINS || !relay.isAlive());
            ground.say("%,d of %,d delivered", good.deliveries(), DOMAINS);
            protocol.saw("delivered after %.1f s", Patience.secondsSince(began))
                    .check(all, "not all is delivered")
                    .check("domains reached", DOMAINS, good.different())
                    .look(relay);
            if (relay.isAlive()) {
                protocol.check("messages that wait", 0, relay.waiting());
            }
        }
        return protocol.end();
    }
}
