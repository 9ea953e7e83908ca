// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.util.List;

/** Room for one session. Given up by closing it, unless a session has taken it. Used by one thread. */
public final class Place implements AutoCloseable {

    private final SessionPool pool;
    private List<Object> keys;

    Place(SessionPool pool, List<Object> keys) {
        this.pool = pool;
        this.keys = keys;
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
