// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The configuration of Haraka: every client may relay, all mail goes to the sink with AUTH PLAIN, and what it says of each
 * message is left out. Where mail goes, and as whom, is for a plug-in to say, so there is one.
 */
final class HarakaFiles {

    private static final String PLUGIN = "to_sink";

    private HarakaFiles() {}

    /** @param home as {@code haraka -i} has laid it out */
    static void write(Path home, int port, SinkProcess sink, Demand demand) throws IOException {
        Path config = home.resolve("config");
        Files.writeString(config.resolve("smtp.ini"), "listen=127.0.0.1:" + port + "\nnodes=cpus\n");
        Files.writeString(config.resolve("log.ini"), "[main]\nlevel=warn\n");
        Files.writeString(config.resolve("plugins"), PLUGIN + "\n");
        Files.writeString(config.resolve("outbound.ini"), outbound(sink, demand));
        Files.writeString(config.resolve("tls.ini"), "[outbound]\nrejectUnauthorized=true\n");
        Files.writeString(Files.createDirectories(home.resolve("plugins")).resolve(PLUGIN + ".js"), plugin(sink));
    }

    private static String outbound(SinkProcess sink, Demand demand) {
        String most = demand.connections() == 0 ? "" : "concurrency_max=" + demand.connections() + "\n";
        return "local_mx_ok=true\nenable_tls=" + sink.authority().isPresent() + "\n" + most;
    }

    private static String plugin(SinkProcess sink) {
        return """
                'use strict'

                exports.register = function () {
                    this.register_hook('connect', 'may_relay')
                    this.register_hook('rcpt', 'takes_all')
                    this.register_hook('get_mx', 'to_sink')
                }

                exports.may_relay = (next, connection) => {
                    connection.relaying = true
                    next()
                }

                exports.takes_all = (next) => next(OK)

                exports.to_sink = (next) => next(OK, {
                    exchange: '127.0.0.1',
                    from_dns: 'localhost',
                    port: %d,
                    priority: 0,
                    auth_type: 'PLAIN',
                    auth_user: '%s',
                    auth_pass: '%s',
                })
                """.formatted(sink.port(), SinkSession.USER, SinkSession.PASSWORD);
    }
}
