// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Octets;

/**
 * Salted passwords, which cost thousands of hashes each and stay the same until password, salt or count change (RFC 5802
 * section 5.1). All are wiped when a store reports a change and when the bundle stops; the one longest unused is wiped
 * where there is no more room.
 *
 * <p>Threading: safe for many threads. Those who want the same one wait for each other, so that a burst of sessions pays
 * once.
 */
@Component(service = {SaltedPasswords.class, CredentialListener.class})
public final class SaltedPasswords implements CredentialListener {

    private static final int MOST = 1_000;
    private static final int LANES = 64;

    private final Salting salting;
    private final int most;
    /** Finds a password without keeping it: a version is only unique within its store. */
    private final byte[] fingerprintKey = new byte[32];

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Key, byte[]> known = new LinkedHashMap<>(16, 0.75f, true);
    private final ReentrantLock[] lanes = new ReentrantLock[LANES];
    private long wipes;

    private record Key(Octets fingerprint, Octets salt, int iterations, Hash hash) {}

    /** Made by Declarative Services. */
    @Activate
    public SaltedPasswords() {
        this(new Salting(System::nanoTime), MOST);
    }

    SaltedPasswords(Salting salting, int most) {
        this.salting = salting;
        this.most = most;
        new SecureRandom().nextBytes(fingerprintKey);
        Arrays.setAll(lanes, i -> new ReentrantLock());
    }

    /**
     * The salted password, computed or remembered.
     *
     * @param password prepared; not kept
     * @return an array of the caller's own, who wipes it
     * @throws ScramFailure if computing takes too long
     */
    byte[] get(Hash hash, byte[] password, byte[] salt, int iterations) throws ScramFailure {
        Key key = new Key(
                Octets.wrap(Hash.SHA_256.hmac(fingerprintKey, password)), Octets.copyOf(salt), iterations, hash);
        ReentrantLock lane = lanes[Math.floorMod(key.hashCode(), LANES)];
        lane.lock();
        try {
            byte[] remembered = find(key);
            return remembered == null ? compute(key, password, salt) : remembered;
        } finally {
            lane.unlock();
        }
    }

    private byte[] compute(Key key, byte[] password, byte[] salt) throws ScramFailure {
        long before = wipes();
        byte[] salted = salting.salt(key.hash(), password, salt, key.iterations());
        remember(key, salted.clone(), before);
        return salted;
    }

    private byte[] find(Key key) {
        lock.lock();
        try {
            byte[] found = known.get(key);
            return found == null ? null : found.clone();
        } finally {
            lock.unlock();
        }
    }

    private long wipes() {
        lock.lock();
        try {
            return wipes;
        } finally {
            lock.unlock();
        }
    }

    /** What was begun before a wipe is not kept after it: the bundle may have stopped meanwhile. */
    private void remember(Key key, byte[] salted, long since) {
        lock.lock();
        try {
            if (since != wipes) {
                Arrays.fill(salted, (byte) 0);
                return;
            }
            known.put(key, salted);
            if (known.size() > most) {
                Map.Entry<Key, byte[]> eldest = known.entrySet().iterator().next();
                Arrays.fill(eldest.getValue(), (byte) 0);
                known.remove(eldest.getKey());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(CredentialRef ref) {
        wipe();
    }

    @Override
    public void storeChanged(String storeName) {
        wipe();
    }

    /** Forgets all. */
    @Deactivate
    public void wipe() {
        lock.lock();
        try {
            wipes++;
            known.values().forEach(salted -> Arrays.fill(salted, (byte) 0));
            known.clear();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return known.size();
        } finally {
            lock.unlock();
        }
    }
}
