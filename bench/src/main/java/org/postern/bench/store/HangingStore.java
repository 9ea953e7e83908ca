// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;

/** Answers nothing for as long as it hangs, and afterwards that it was not there. */
final class HangingStore implements CredentialStore {

    static final String NAME = "hanging";

    private final boolean deaf;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** @param deaf whether it goes on although it is interrupted */
    HangingStore(boolean deaf) {
        this.deaf = deaf;
    }

    void hang() {
        asked.set(0);
        gate = new CountDownLatch(1);
    }

    void recover() {
        gate.countDown();
    }

    /** How often it was asked since it began to hang. */
    int asked() {
        return asked.get();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Lookup lookup(CredentialRef ref) throws InterruptedException {
        CountDownLatch hangs = gate;
        asked.incrementAndGet();
        if (deaf) {
            awaitWhateverComes(hangs);
        } else {
            hangs.await();
        }
        return new Lookup.StoreUnavailable("was not there");
    }

    private static void awaitWhateverComes(CountDownLatch hangs) {
        while (hangs.getCount() > 0) {
            try {
                hangs.await();
            } catch (InterruptedException unheard) {
                // That is what makes it deaf.
            }
        }
    }
}
