// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An SMTP server at a port of its own that misbehaves as often as the seed says. */
public final class SimulatedPeer {

    private final World world;
    private final History history;
    private final int port;
    private final Map<String, String> accounts = new HashMap<>();
    private double badness;
    private boolean authenticates = true;
    private long downUntil;

    /**
     * A peer.
     *
     * @param badness the chance of a fault at each stage
     */
    public SimulatedPeer(World world, History history, int port, double badness) {
        this.world = world;
        this.history = history;
        this.port = port;
        this.badness = badness;
    }

    /** Where it listens, and its name. */
    public int port() {
        return port;
    }

    /** Lets a user in, from now on with this password. */
    public void account(String user, String password) {
        world.note(toString(), "'" + user + "' has another password");
        accounts.put(user, password);
    }

    /** Takes mail from everybody and offers no AUTH, as a server that was replaced by a careless hand. */
    public void opens() {
        authenticates = false;
    }

    /** Nobody answers for a while. */
    public void goesDown(Duration time) {
        world.note(toString(), "is down for " + time);
        downUntil = world.now() + time.toNanos();
    }

    /** Behaves from now on. */
    public void calmsDown() {
        badness = 0;
        downUntil = 0;
        authenticates = true;
    }

    /** Whether it has an account for this user. */
    public boolean knows(String user) {
        return accounts.containsKey(user);
    }

    boolean authenticates() {
        return authenticates && !accounts.isEmpty();
    }

    boolean admits(String user, String password) {
        return password.equals(accounts.get(user));
    }

    Optional<Fault> fault(List<Fault> among) {
        return badness > 0 && world.chance().nextDouble() < badness
                ? Optional.of(among.get(world.chance().nextInt(among.size())))
                : Optional.empty();
    }

    boolean offers() {
        return world.chance().nextInt(2) == 0;
    }

    // Called by a thread of the client's, which waits.
    Line accept(World clock, Duration limit) throws IOException {
        try {
            clock.sleep(clock.chance().nextInt(3_000_000));
            Optional<Fault> fault = fault(Fault.ANYWHERE);
            if (world.now() < downUntil || fault.filter(Fault.CLOSE::equals).isPresent()) {
                throw new ConnectException("Connection refused");
            }
            if (fault.filter(Fault.HANG::equals).isPresent()) {
                clock.sleep(limit.toNanos());
                throw new SocketTimeoutException("Connect timed out");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
        Line line = new Line(world);
        line.connectedTo(new PeerSession(world, history, this, line));
        return line;
    }

    @Override
    public String toString() {
        return "peer " + port;
    }
}
