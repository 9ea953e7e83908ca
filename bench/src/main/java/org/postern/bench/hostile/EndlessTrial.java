// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Replies of endless length in every place of a session, as one line and as line after line, beside a good peer. */
final class EndlessTrial implements Trial {

    private static final String HEAP = "64m";
    private static final List<String> PLACES = List.of("", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT");
    private static final int MESSAGES = 20;
    private static final int GOOD = 2_000;
    private static final Duration MOST = Duration.ofSeconds(60);

    @Override
    public Finding run(Ground ground) throws IOException, InterruptedException {
        Protocol protocol = new Protocol("replies without end, in 16 places", HEAP);
        List<EndlessPeer> bad = PLACES.stream()
                .flatMap(place -> Stream.of(EndlessPeer.Form.values()).map(form -> new EndlessPeer(place, form)))
                .toList();
        List<Peers> listening = new ArrayList<>();
        GoodPeer good = new GoodPeer();
        try (Peers goodPeers = Peers.listen(1, good)) {
            for (EndlessPeer one : bad) {
                listening.add(Peers.listen(1, one));
            }
            meet(ground, protocol, bad, listening, good, goodPeers);
        } finally {
            listening.forEach(Peers::close);
        }
        return protocol.end();
    }

    private static void meet(
            Ground ground,
            Protocol protocol,
            List<EndlessPeer> bad,
            List<Peers> listening,
            GoodPeer good,
            Peers goodPeers)
            throws IOException, InterruptedException {
        try (BuiltRelay relay = ground.relay("endless", "-Xmx" + HEAP, "", scopes(listening, goodPeers))) {
            int all = bad.size() * MESSAGES;
            long began = System.nanoTime();
            new Load(all, number -> "somebody@d" + number % bad.size() + ".bad.example").run(relay.port());
            new Load(GOOD, number -> "somebody@good.example").run(relay.port());
            boolean came = Patience.await(MOST, () -> good.deliveries() == GOOD);
            boolean over = Patience.await(
                    MOST, () -> listening.stream().allMatch(peers -> peers.met() > 0 && peers.open() == 0));
            ground.say("all sessions over: %s, after %.1f s", over, Patience.secondsSince(began));
            protocol.look(relay);
            protocol.check(came, "the good peer has %,d of %,d", good.deliveries(), GOOD);
            protocol.check(over, "some sessions go on");
            long most = 0;
            for (int i = 0; i < bad.size(); i++) {
                long said = bad.get(i).said().get();
                ground.say(
                        "%s: %,d sessions, %,d kB at most",
                        bad.get(i), listening.get(i).met(), said >> 10);
                protocol.check(said < EndlessPeer.MOST, "%s: the relay goes on reading", bad.get(i));
                most = Math.max(most, said);
            }
            protocol.saw("%,d kB at most of one reply before the session was closed", most >> 10);
            long delivered = delivered(bad) * (long) MESSAGES;
            protocol.check("messages that wait", all - delivered, relay.waiting());
        }
    }

    /** After QUIT nothing that is said changes what was delivered. */
    private static long delivered(List<EndlessPeer> bad) {
        return bad.stream().filter(one -> one.place().equals("QUIT")).count();
    }

    private static String scopes(List<Peers> listening, Peers good) {
        AtomicInteger number = new AtomicInteger();
        StringBuilder scopes =
                new StringBuilder("Domain \"good.example\" { Routes = ( \"%s\" ) }%n".formatted(good.route(0)));
        for (Peers one : listening) {
            scopes.append("""
                    Domain "d%d.bad.example" {
                      Routes = ( "%s" )
                      Outbound_SMTP_AUTH_User = "u"
                      Outbound_SMTP_AUTH_Pass = "p"
                      Outbound_SMTP_AUTH_Type = "PLAIN"
                    }
                    """.formatted(number.getAndIncrement(), one.route(0)));
        }
        return scopes.toString();
    }
}
