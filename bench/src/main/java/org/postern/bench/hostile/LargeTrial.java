// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Messages as large as the listener takes, and larger, through a heap that is a sixteenth of the largest. */
final class LargeTrial implements Trial {

    private static final String HEAP = "128m";
    private static final long MEDIUM = 50_000_000;
    private static final long LIMIT = 2L << 30;
    private static final String LISTENER = "Max_Message_Size = " + LIMIT;
    private static final String TOO_LARGE = "552";
    private static final Duration MOST = Duration.ofMinutes(4);
    /** For what goes with the content over the wire, commands and a field of the relay's. */
    private static final long BESIDES = 2_000;

    @Override
    public Finding run(Ground ground) throws IOException, InterruptedException {
        checkDisk(ground);
        Protocol protocol = new Protocol("messages of 50 MB and of 2 GiB, and too large ones", HEAP);
        GoodPeer good = new GoodPeer();
        try (Peers peers = Peers.listen(1, good);
                BuiltRelay relay = ground.relay(
                        "large",
                        "-Xmx" + HEAP,
                        LISTENER,
                        "Domain \"good.example\" { Routes = ( \"" + peers.route(0) + "\" ) }\n")) {
            pass(ground, protocol, relay, good, MEDIUM);
            pass(ground, protocol, relay, good, LIMIT);
            refuse(ground, protocol, relay);
            protocol.look(relay).check("messages that wait", 0, relay.waiting());
            protocol.check("deliveries", 2, good.deliveries());
        }
        return protocol.end();
    }

    private static void checkDisk(Ground ground) throws IOException {
        FileStore disk = Files.getFileStore(Files.createDirectories(ground.folder()));
        if (disk.getUsableSpace() < 4 * LIMIT) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%,d MB are free in %s, and %,d are wanted",
                    disk.getUsableSpace() >> 20,
                    ground.folder(),
                    4 * LIMIT >> 20));
        }
    }

    private static void pass(Ground ground, Protocol protocol, BuiltRelay relay, GoodPeer good, long octets)
            throws IOException {
        long deliveries = good.deliveries() + 1;
        long before = good.octets();
        long began = System.nanoTime();
        try (Sender sender = new Sender(relay.port())) {
            sender.send(List.of("somebody@good.example"), octets);
        }
        double taken = Patience.secondsSince(began);
        boolean came = Patience.await(MOST, () -> good.deliveries() == deliveries);
        double through = Patience.secondsSince(began);
        long sent = good.octets() - before;
        ground.say("%,d octets taken in %.1f s, delivered after %.1f s", octets, taken, through);
        protocol.saw("%,d octets: taken after %.1f s, delivered after %.1f s", octets, taken, through);
        protocol.check(came, "a message of %,d octets did not come", octets);
        protocol.check(sent >= octets && sent < octets + BESIDES, "%,d octets came of a message of %,d", sent, octets);
        protocol.look(relay);
    }

    /** One octet more than is taken, announced and not announced. */
    private static void refuse(Ground ground, Protocol protocol, BuiltRelay relay) throws IOException {
        try (Sender sender = new Sender(relay.port())) {
            String announced = sender.announce(LIMIT + 1);
            protocol.check(announced.startsWith(TOO_LARGE), "the size was answered by %s", announced);
            long began = System.nanoTime();
            String sent = sender.offer(List.of("somebody@good.example"), LIMIT + 1);
            ground.say("%,d octets answered by: %s", LIMIT + 1, sent);
            protocol.saw("%,d octets: refused after %.1f s", LIMIT + 1, Patience.secondsSince(began));
            protocol.check(sent.startsWith(TOO_LARGE), "the message was answered by %s", sent);
        }
    }
}
