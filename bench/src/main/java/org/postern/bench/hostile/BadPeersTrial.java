// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postern.bench.MeanRatio;

/** Bad peers by the hundred or thousand, each with a session of its own, beside a good one. */
final class BadPeersTrial implements Trial {

    private static final String HEAP = "512m";
    private static final int WARM_UP = 10_000;
    private static final int DRIBBLE_SECONDS = 3;
    /** Two sockets of the peers' side for an address, and one for each session: files are not without number. */
    private static final int SESSIONS_PER_ADDRESS = 2;

    private static final int SECONDS_TO_BEGIN = 60;
    private static final int SECONDS_OF_PAIR = 4;
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final boolean dribbling;
    private final AtomicBoolean speaking = new AtomicBoolean(true);

    private BadPeersTrial(boolean dribbling) {
        this.dribbling = dribbling;
    }

    /** Peers that accept and never answer. */
    static Trial silent() {
        return new BadPeersTrial(false);
    }

    /** Peers whose greeting comes octet by octet and never ends. */
    static Trial dribbling() {
        return new BadPeersTrial(true);
    }

    private String title(int count) {
        return String.format(
                Locale.ROOT,
                dribbling
                        ? "%,d peers that dribble, an octet each every " + DRIBBLE_SECONDS + " s"
                        : "%,d silent peers",
                count);
    }

    @Override
    public Finding run(Ground ground) throws IOException, InterruptedException {
        int count = dribbling ? ground.peers() : Math.min(500, ground.peers());
        Protocol protocol = new Protocol(title(count), HEAP);
        Conduct conduct = dribbling ? BadPeer.dribbling(DRIBBLE_SECONDS, speaking::get) : BadPeer.silent();
        int timeout = SECONDS_TO_BEGIN + SECONDS_OF_PAIR * ground.pairs();
        GoodPeer goodOfHarmed = new GoodPeer();
        GoodPeer goodOfCalm = new GoodPeer();
        try (Peers bad = Peers.listen(Math.ceilDiv(count, SESSIONS_PER_ADDRESS), conduct);
                Peers first = Peers.listen(1, goodOfHarmed);
                Peers second = Peers.listen(1, goodOfCalm);
                BuiltRelay harmed = relay(ground, "harmed", scopes(first, bad, count, timeout));
                BuiltRelay calm = relay(ground, "calm", scopes(second, bad, count, timeout))) {
            Stretches.Course one = new Stretches.Course(harmed, goodOfHarmed);
            Stretches.Course other = new Stretches.Course(calm, goodOfCalm);
            ground.say("warming up");
            one.run(WARM_UP);
            other.run(WARM_UP);
            protocol.saw("%d MiB before", harmed.mostResident());
            meet(ground, protocol, bad, harmed, count);
            compare(ground, protocol, new Stretches(one, other, speaking::set));
            leave(ground, protocol, bad, timeout);
            protocol.look(harmed);
            protocol.check("messages for bad peers that wait", count, harmed.waiting());
            protocol.check("messages that wait in the relay without them", 0, calm.waiting());
        }
        return protocol.end();
    }

    private static BuiltRelay relay(Ground ground, String name, String scopes)
            throws IOException, InterruptedException {
        return ground.relay(name, "-Xmx" + HEAP, "", scopes);
    }

    private static String scopes(Peers good, Peers bad, int count, int timeout) {
        return IntStream.range(0, count)
                .mapToObj(number -> domain("d" + number + ".bad.example", bad.route(number)))
                .collect(Collectors.joining(
                        "", "Connect_Timeout = " + timeout + "\n" + domain("good.example", good.route(0)), ""));
    }

    private static String domain(String name, String route) {
        return "Domain \"" + name + "\" { Routes = ( \"" + route + "\" ) }\n";
    }

    private void meet(Ground ground, Protocol protocol, Peers bad, BuiltRelay harmed, int count)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        new Load(count, number -> "somebody@d" + number + ".bad.example").run(harmed.port());
        boolean all = Patience.await(GRACE, () -> bad.open() == count);
        ground.say("%,d of %,d bad sessions after %.1f s", bad.open(), count, Patience.secondsSince(began));
        protocol.check(all, "only %,d of %,d sessions with bad peers at once", bad.open(), count);
    }

    private void compare(Ground ground, Protocol protocol, Stretches stretches)
            throws IOException, InterruptedException {
        for (int pair = 1; pair <= ground.pairs(); pair++) {
            stretches.pair();
            ground.say("%d of %d stretches", pair, ground.pairs());
        }
        protocol.saw("good peer's rate beside them, to that without: %s", words(stretches.rate()));
        protocol.saw("for the same processor time: %s", words(stretches.rateByCpu()));
    }

    private static String words(MeanRatio ratio) {
        return String.format(Locale.ROOT, "%.3f, between %.3f and %.3f", ratio.mean(), ratio.least(), ratio.most());
    }

    /** They are given up when their time is over, all of them. */
    private void leave(Ground ground, Protocol protocol, Peers bad, int timeout) {
        speaking.set(true);
        int still = bad.open();
        long began = System.nanoTime();
        boolean none = Patience.await(Duration.ofSeconds(timeout).plus(GRACE), () -> bad.open() == 0);
        ground.say("the last of %,d bad sessions ended after %.0f s", still, Patience.secondsSince(began));
        protocol.check(none, "%,d sessions with bad peers go on after %d s", bad.open(), timeout);
        protocol.check(still > 0, "the stretches took longer than the %d s that a bad peer has", timeout);
    }
}
