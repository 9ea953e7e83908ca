// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postern.bench.MeanRatio;

/**
 * Bad peers by the thousand, each with a session of its own, beside a good one. Two processes of one program differ by more
 * than what is to be seen, so the two relays are compared before the bad peers come, too.
 */
final class BadPeersTrial implements Trial {

    private static final String HEAP = "512m";
    private static final int WARM_UP = 10_000;
    private static final int DRIBBLE_SECONDS = 3;
    /** Files are not without number: there is one for each address, one for each session, and two for each deaf ear. */
    private static final int SESSIONS_PER_ADDRESS = 20;

    private static final int MOST_EARS = 4_500;

    private static final int SECONDS_TO_BEGIN = 60;
    private static final int SECONDS_OF_PAIR = 3;
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
        int count = ground.peers();
        Protocol protocol = new Protocol(title(count), HEAP);
        int timeout = SECONDS_TO_BEGIN + SECONDS_OF_PAIR * ground.pairs();
        GoodPeer goodOfHarmed = new GoodPeer();
        GoodPeer goodOfCalm = new GoodPeer();
        try (DeafEars deaf = DeafEars.open(dribbling ? Math.min(MOST_EARS, count) : 0);
                Peers bad = Peers.listen(Math.ceilDiv(count, SESSIONS_PER_ADDRESS), conduct(deaf));
                Peers first = Peers.listen(1, goodOfHarmed);
                Peers second = Peers.listen(1, goodOfCalm);
                BuiltRelay harmed = relay(ground, "harmed", scopes(first, bad, count, timeout));
                BuiltRelay calm = relay(ground, "calm", scopes(second, bad, count, timeout))) {
            Stretches.Course one = new Stretches.Course(harmed, goodOfHarmed);
            Stretches.Course other = new Stretches.Course(calm, goodOfCalm);
            ground.say("warming up");
            one.run(WARM_UP);
            other.run(WARM_UP);
            Stretches before = compare(ground, "without bad peers", one, other);
            protocol.saw("%d MiB before", harmed.mostResident());
            meet(ground, protocol, bad, harmed, count);
            Stretches beside = compare(ground, "beside bad peers", one, other);
            tell(protocol, before, beside);
            leave(ground, protocol, bad, timeout);
            protocol.look(harmed);
            protocol.check("messages for bad peers that wait", count, harmed.waiting());
            protocol.check("messages that wait in the relay without them", 0, calm.waiting());
        }
        return protocol.end();
    }

    private Conduct conduct(DeafEars deaf) {
        return dribbling ? BadPeer.dribbling(DRIBBLE_SECONDS, speaking::get, deaf) : BadPeer.silent();
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

    private Stretches compare(Ground ground, String what, Stretches.Course one, Stretches.Course other)
            throws IOException, InterruptedException {
        int ahead = ground.pairs() / 2;
        Stretches uncounted = new Stretches(one, other, speaking::set);
        Stretches counted = new Stretches(one, other, speaking::set);
        for (int pair = 1; pair <= ahead + ground.pairs(); pair++) {
            (pair <= ahead ? uncounted : counted).pair();
            ground.say("%s: %d of %d pairs of stretches", what, pair, ahead + ground.pairs());
        }
        return counted;
    }

    private static void tell(Protocol protocol, Stretches before, Stretches beside) {
        protocol.saw(
                "good peer's rate beside them, to that without: %s",
                words(beside.rate().dividedBy(before.rate())));
        protocol.saw("for the same processor time: %s", words(beside.rateByCpu().dividedBy(before.rateByCpu())));
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
