// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.util.ArrayList;
import java.util.List;

/** Room for one session. Given up by closing it, unless a session has taken it. Used by one thread. */
public final class Place implements AutoCloseable {

    private final SessionPool pool;
    private List<Object> keys;

    Place(SessionPool pool, List<Object> keys) {
        this.pool = pool;
        this.keys = keys;
    }

    /** The same place, and the other one with it, which is given up to this one. */
    public Place with(Place other) {
        List<Object> both = new ArrayList<>(keys);
        both.addAll(other.take());
        keys = List.copyOf(both);
        return this;
    }

    List<Object> take() {
        List<Object> taken = keys;
        keys = List.of();
        return taken;
    }

    @Override
    public void close() {
        pool.release(take());
    }
}
