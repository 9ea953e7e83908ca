// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.simulation.History;
import org.postern.core.simulation.Process;
import org.postern.core.simulation.SimulatedDisk;
import org.postern.core.simulation.SimulatedNetwork;
import org.postern.core.simulation.SimulatedPeer;
import org.postern.core.simulation.SimulatedStore;
import org.postern.core.simulation.SimulatedTime;
import org.postern.core.simulation.World;
import org.postern.engine.Submission;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.Throttle;

/**
 * Some minutes of a relay's life that a seed draws: mail comes in while peers, stores, the disk and the relay itself fail;
 * then everything behaves, and by and by all mail has to have come to an end.
 */
final class Simulation {

    private static final Duration TROUBLE = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofSeconds(20);

    /** How much longer it takes until a message that cannot be read is given up. */
    private static final Duration UNREADABLE = Duration.ofHours(2);

    private static final double[] PEER_BADNESS = {0, 0.01, 0.05, 0.2};
    private static final double[] DISK_BADNESS = {0, 0, 0.02, 0.1};
    private static final double[] STORE_BADNESS = {0, 0, 0.3};
    private static final InstalledMechanism PLAIN = EngineRig.PLAIN;
    private static final String SENDER = "s@sender.example";

    private final World world;
    private final SplittableRandom chance;
    private final Sabotage sabotage;
    private final History history;
    private final SimulatedTime.WallClock wall;
    private final SimulatedDisk disk;
    private final SimulatedStore store;
    private final List<SimulatedPeer> peers = new ArrayList<>();
    private final List<String> domains = new ArrayList<>();
    private final Map<String, String> passwords = new LinkedHashMap<>();
    private final Duration expiration;
    private final Duration tick;
    private final SettingsSnapshot settings;
    private SimulatedRelay relay;
    private int starts;
    private int messages;
    private boolean over;

    /** @param traced whether what happens is kept in words */
    Simulation(long seed, boolean traced, Sabotage sabotage) {
        this.world = new World(seed, traced);
        this.chance = world.chance();
        this.sabotage = sabotage;
        this.history = new History(world);
        this.wall = new SimulatedTime.WallClock(world);
        this.disk = new SimulatedDisk(world, history, oneOf(DISK_BADNESS));
        this.store = new SimulatedStore(world, oneOf(STORE_BADNESS));
        this.expiration = Duration.ofMinutes(between(10, 40));
        this.tick = Duration.ofSeconds(between(2, 20));
        this.settings = new Draw().snapshot();
    }

    /** What became of it. */
    record Result(List<World.Failure> failures, List<String> trace, long hash, Map<String, Long> figures) {}

    Result run() {
        start();
        trouble();
        world.after(TROUBLE.plusMinutes(5), this::calm);
        world.run();
        if (!over) {
            world.fail("everything waits for something that never comes");
        }
        return new Result(world.failures(), world.trace(), world.hash(), history.figures());
    }

    // ---- what is drawn

    private int between(int least, int most) {
        return least + chance.nextInt(most - least + 1);
    }

    private double oneOf(double[] some) {
        return some[chance.nextInt(some.length)];
    }

    private <T> T oneOf(List<T> some) {
        return some.get(chance.nextInt(some.size()));
    }

    private boolean once(int in) {
        return chance.nextInt(in) == 0;
    }

    private Duration sometime() {
        return Duration.ofMillis(chance.nextLong(TROUBLE.toMillis()));
    }

    /** The configuration, and the peers that it names. */
    private final class Draw {

        private final SettingsSnapshot.Builder builder = SettingsSnapshot.builder(1);
        private int line;

        SettingsSnapshot snapshot() {
            global();
            double badness = oneOf(PEER_BADNESS);
            IntStream.rangeClosed(1, between(1, 3)).forEach(i -> {
                String domain = (char) ('a' + i - 1) + ".example";
                domains.add(domain);
                boolean loggedInto = !once(3);
                List<Integer> ports = new ArrayList<>();
                for (int host = 0; host < between(1, 2); host++) {
                    ports.add(peer(2500 + 10 * i + host, badness).port());
                }
                domain(domain, ports);
                if (loggedInto) {
                    login(domain, ports);
                }
            });
            domain("sender.example", List.of(peer(2599, badness).port()));
            return builder.build();
        }

        private SimulatedPeer peer(int port, double badness) {
            SimulatedPeer peer = new SimulatedPeer(world, history, port, badness);
            peers.add(peer);
            return peer;
        }

        private void global() {
            put(ScopePath.GLOBAL, OutboundSettings.MESSAGE_EXPIRATION, expiration);
            put(ScopePath.GLOBAL, OutboundSettings.RETRY_INTERVAL, Duration.ofSeconds(between(10, 300)));
            put(ScopePath.GLOBAL, OutboundSettings.MAX_RETRY_INTERVAL, Duration.ofSeconds(between(300, 900)));
            put(ScopePath.GLOBAL, OutboundSettings.MAX_RECIPIENTS_PER_BATCH, (long) between(1, 4));
            put(ScopePath.GLOBAL, OutboundSettings.MAX_DELIVERIES_PER_CONNECTION, (long) between(0, 3));
            put(ScopePath.GLOBAL, OutboundSettings.IDLE_TIMEOUT, Duration.ofSeconds(between(0, 60)));
            if (once(4)) {
                put(
                        ScopePath.GLOBAL,
                        OutboundSettings.OUTBOUND_THROTTLE_CONNECTIONS,
                        new Throttle(between(1, 5), Duration.ofSeconds(between(1, 15))));
            }
            if (once(4)) {
                put(
                        ScopePath.GLOBAL,
                        OutboundSettings.OUTBOUND_THROTTLE_MESSAGES,
                        new Throttle(between(1, 5), Duration.ofSeconds(between(1, 15))));
            }
        }

        private void domain(String domain, List<Integer> ports) {
            ScopePath place = ScopePath.ofDomain(domain);
            put(
                    place,
                    OutboundSettings.ROUTES,
                    ports.stream().map(port -> "smtp://127.0.0.1:" + port).toList());
            long most = between(1, 4);
            put(place, OutboundSettings.MAX_OUTBOUND_CONNECTIONS, most);
            ports.forEach(port -> history.limitLines(port, most));
        }

        private void login(String domain, List<Integer> ports) {
            String user = domain.charAt(0) + "-user";
            passwords.put(user, "v1");
            store.put(user, "v1");
            peers.stream().filter(peer -> ports.contains(peer.port())).forEach(peer -> {
                peer.account(user, "v1");
                if (sabotage.sharesAccounts()) {
                    peer.account("b-user", "v1");
                }
            });
            history.requires(domain, user);
            put(ScopePath.ofDomain(domain), OutboundAuthSettings.KEY, user);
            if (once(4)) {
                long sessions = between(1, 2);
                long sent = between(3, 12);
                history.limitSessions(user, sessions);
                history.limitMessages(user, sent);
                put(
                        ScopePath.ofDomain(domain),
                        OutboundAuthSettings.LIMITS,
                        List.of("sessions=" + sessions, "messages=" + sent + "/d"));
            }
        }

        private <T> void put(ScopePath place, Setting<T> setting, T value) {
            builder.put(place, setting, new Located<>(Optional.of(value), new Origin("/nowhere/simulated", ++line, 1)));
        }
    }

    // ---- what happens

    private void trouble() {
        for (int i = between(1, 6); i > 0; i--) {
            world.after(sometime(), this::burst);
        }
        for (int i = between(0, 1); i > 0; i--) {
            world.after(sometime(), this::crash);
        }
        for (int i = between(0, 2); i > 0; i--) {
            world.after(sometime(), () -> oneOf(peers).goesDown(Duration.ofSeconds(between(1, 600))));
        }
        if (once(4)) {
            world.after(sometime(), () -> oneOf(peers).opens());
        }
        if (once(3)) {
            world.after(sometime(), () -> wall.jump(Duration.ofMinutes(between(-100_000, 100_000))));
        }
        if (once(8)) {
            world.after(sometime(), disk::damages);
        }
        if (once(3)) {
            world.after(sometime(), this::swapMechanism);
        }
        if (once(3)) {
            world.after(sometime(), this::swapStore);
        }
        if (once(3)) {
            world.after(sometime(), () -> inRelay("configure", engine -> engine.configured(settings)));
        }
        if (once(3) && !passwords.isEmpty()) {
            world.after(sometime(), this::rotate);
        }
    }

    private void start() {
        Process process = new Process(world, "relay-" + ++starts);
        history.restarted();
        process.start("main", () -> {
            SimulatedTime time = new SimulatedTime(world, process, wall);
            SimulatedNetwork network = new SimulatedNetwork(world, process, history, peers);
            relay = new SimulatedRelay(process, time, network, chance.split(), sabotage.spool(disk), tick, sabotage);
            Engine engine = relay.engine();
            engine.listenerArrived(this::heard);
            engine.mechanismArrived(PLAIN, sabotage.mechanism());
            engine.storeArrived(store, 0, 7);
            engine.configured(settings);
        });
    }

    private void heard(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.AttemptEnded ended) {
            String content = disk.content(ended.message()).orElse(null);
            world.note("relay", ended.message() + " for " + ended.recipients() + ": " + ended.outcome());
            for (MailAddress recipient : ended.recipients()) {
                switch (ended.outcome()) {
                    case DeliveryOutcome.Delivered delivered -> history.saidDelivered(content, recipient.toString());
                    case DeliveryOutcome.Failed failed -> history.saidFailed(content, recipient.toString());
                    case DeliveryOutcome.Deferred deferred -> {}
                    case DeliveryOutcome.Held held -> {}
                }
            }
        }
    }

    @FunctionalInterface
    private interface Doing {
        void to(Engine engine) throws IOException;
    }

    private void inRelay(String what, Doing doing) {
        if (relay == null) {
            return;
        }
        Engine engine = relay.engine();
        relay.process().start(what, () -> {
            world.note("operator", what);
            try {
                doing.to(engine);
            } catch (IOException refused) {
                world.note("client", "is refused: " + refused.getMessage());
            }
        });
    }

    private void burst() {
        for (int i = once(3) ? between(2, 4) : 1; i > 0; i--) {
            mail();
        }
    }

    private void mail() {
        String text = "Tag: t" + ++messages + "\r\nSubject: x\r\n\r\n.dot\r\n..dots\r\n";
        List<MailAddress> recipients = IntStream.rangeClosed(1, between(1, 4))
                .mapToObj(i -> MailAddress.parse((once(10) ? "nobody" : "r") + i + "@" + oneOf(domains)))
                .toList();
        inRelay("mail", engine -> {
            try (Submission submission = engine.intake().submit()) {
                submission.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
                submission.accept(
                        new Envelope(Optional.of(MailAddress.parse(SENDER)), recipients, BodyType.SEVEN_BIT, false),
                        Binding.DEFAULT,
                        Map.of());
                history.promised(text);
            }
        });
    }

    private void crash() {
        if (relay == null) {
            return;
        }
        world.note("relay", "crashes");
        relay.process().kill();
        relay.network().cut();
        relay = null;
        disk.crashed();
        world.after(Duration.ofSeconds(between(1, 60)), this::start);
    }

    private void swapMechanism() {
        inRelay("take PLAIN away", engine -> engine.mechanismLeft(PLAIN));
        world.after(
                Duration.ofSeconds(between(0, 20)),
                () -> inRelay("bring PLAIN back", engine -> engine.mechanismArrived(PLAIN, sabotage.mechanism())));
    }

    private void swapStore() {
        inRelay("take the store away", engine -> engine.storeLeft(store.name(), 7));
        world.after(
                Duration.ofSeconds(between(0, 60)),
                () -> inRelay("bring the store back", engine -> engine.storeArrived(store, 0, 7)));
    }

    private void rotate() {
        String user = oneOf(List.copyOf(passwords.keySet()));
        passwords.put(user, "v2");
        peers.stream().filter(peer -> peer.knows(user)).forEach(peer -> peer.account(user, "v2"));
        world.after(Duration.ofSeconds(between(0, 600)), () -> {
            store.put(user, "v2");
            if (once(2)) {
                inRelay("say that it changed", engine -> engine.changed(new CredentialRef(user)));
            }
        });
    }

    // ---- the end

    private void calm() {
        world.note("world", "is calm from now on");
        peers.forEach(SimulatedPeer::calmsDown);
        disk.calmsDown();
        store.calmsDown();
        passwords.forEach(store::put);
        // What the disk could not note is only found again by a process that reads it.
        crash();
        Duration patience = expiration.multipliedBy(3).plus(disk.isDamaged() ? UNREADABLE : Duration.ZERO);
        world.after(Duration.ofMinutes(2), () -> look(world.now() + patience.toNanos()));
    }

    private void look(long end) {
        if (history.allSettled() || world.now() > end) {
            stop();
        } else {
            world.after(LOOK, () -> look(end));
        }
    }

    private void stop() {
        SimulatedRelay last = relay;
        if (last == null) {
            world.fail("the relay did not start again");
            over = true;
            world.end();
            return;
        }
        inRelay("stop", Engine::stop);
        world.after(Duration.ofMinutes(5), () -> {
            history.judge();
            last.process()
                    .threads()
                    .forEach(thread -> world.fail("the thread " + thread.getName()
                            + " has not ended: "
                            + Arrays.stream(thread.getStackTrace()).limit(12).toList()));
            if (last.network().open() > 0) {
                world.fail(last.network().open() + " connections are open after the end");
            }
            over = true;
            world.end();
        });
    }
}
