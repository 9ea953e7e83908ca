// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import java.io.IOException;
import java.net.URI;

/** One page of JSON on this machine. */
public final class StaticPages implements AutoCloseable {

    private final HostileProvider server;

    /** Serves it. */
    public StaticPages(String path, String json) throws IOException {
        server = new HostileProvider().json(path, 200, json);
    }

    /** The address of a page. */
    public URI at(String path) {
        return server.at(path);
    }

    @Override
    public void close() {
        server.close();
    }
}
