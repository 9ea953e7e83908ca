// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/** Passwords by key, of a server that is slow, away or broken as often as the seed says. */
public final class SimulatedStore implements CredentialStore {

    private static final long LONGEST_DELAY = Duration.ofSeconds(15).toNanos();

    private final World world;
    private final Map<String, String> passwords = new HashMap<>();
    private double badness;

    /** @param badness the chance of a fault at each lookup */
    public SimulatedStore(World world, double badness) {
        this.world = world;
        this.badness = badness;
    }

    /** Works from now on. */
    public void calmsDown() {
        badness = 0;
    }

    /** A key is the user's name. */
    public void put(String user, String password) {
        passwords.put(user, password);
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        if (badness > 0 && world.chance().nextDouble() < badness) {
            world.note("store", "misbehaves");
            switch (world.chance().nextInt(3)) {
                case 0 -> {
                    return new Lookup.StoreUnavailable("it is sealed");
                }
                case 1 -> throw new IllegalStateException("it is broken");
                default -> world.sleep(world.chance().nextLong(LONGEST_DELAY));
            }
        }
        String password = passwords.get(ref.key());
        return password == null
                ? new Lookup.NoSuchCredential("nothing under " + ref)
                : new Lookup.Found(new PasswordCredential(
                        ref.key(), Secret.of(password), new CredentialVersion(password), Optional.empty(), Set.of()));
    }
}
