// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What peers do with mail. It follows from the seed and the name, so a peer that refuses for good does so each time, and one
 * that is busy is so once.
 *
 * <p>Threading: safe for several threads.
 */
final class Fates {

    private static final int OF = 1000;

    private final long seed;
    private final Set<String> hadIt = ConcurrentHashMap.newKeySet();

    /** What happens, and whether it happens once or always. */
    enum Fate {
        TAKEN("250 2.0.0 taken", false),
        BUSY("451 4.3.0 not now", true),
        REFUSED("550 5.1.1 never", false),
        /** The session ends. */
        CLOSING("421 4.3.2 closing", true),
        /** The connection goes before a reply: whoever sent it must send it again. */
        UNANSWERED("", true);

        private final String reply;
        private final boolean once;

        Fate(String reply, boolean once) {
            this.reply = reply;
            this.once = once;
        }

        /** One line; empty if the connection is closed without one. */
        String reply() {
            return reply;
        }
    }

    Fates(long seed) {
        this.seed = seed;
    }

    Fate ofSender(String message) {
        return once("s" + message, draw("s" + message) < 5 ? Fate.CLOSING : Fate.TAKEN);
    }

    Fate ofRecipient(String address) {
        int drawn = draw(address);
        return once(address, drawn < 30 ? Fate.BUSY : drawn < 50 ? Fate.REFUSED : Fate.TAKEN);
    }

    Fate ofContent(String message) {
        int drawn = draw("c" + message);
        Fate fate = drawn < 15
                ? Fate.BUSY
                : drawn < 30 ? Fate.REFUSED : drawn < 45 ? Fate.UNANSWERED : drawn < 50 ? Fate.CLOSING : Fate.TAKEN;
        return once("c" + message, fate);
    }

    private Fate once(String name, Fate fate) {
        return fate.once && !hadIt.add(name) ? Fate.TAKEN : fate;
    }

    private int draw(String name) {
        long mixed = seed * 31 + name.hashCode();
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return (int) Math.floorMod(mixed ^ (mixed >>> 31), (long) OF);
    }
}
