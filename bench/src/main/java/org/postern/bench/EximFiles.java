// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration of Exim: as durable as it ships, every message tried at once, and no questions to the DNS. */
final class EximFiles {

    private EximFiles() {}

    static Path write(Path command, Path folder, int port, SinkProcess sink, Demand demand) throws IOException {
        return Files.writeString(folder.resolve("exim.conf"), main(command, folder, port) + delivery(sink, demand));
    }

    private static String main(Path command, Path folder, int port) {
        return """
                primary_hostname = load.example
                exim_path = %3$s
                keep_environment =
                spool_directory = %1$s/spool
                log_file_path = %1$s/log/%%slog
                log_selector = -all
                split_spool_directory = true
                disable_ipv6 = true
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %2$d
                tls_advertise_hosts =
                host_lookup =
                rfc1413_query_timeout = 0s
                acl_smtp_rcpt = accept
                smtp_accept_max = 300
                smtp_accept_max_per_connection = 0
                smtp_accept_queue_per_connection = 0
                smtp_enforce_sync = false
                """.formatted(folder, port, command);
    }

    private static String delivery(SinkProcess sink, Demand demand) {
        return """

                begin routers
                out:
                  driver = manualroute
                  route_list = * localhost::%d byname
                  transport = out
                  self = send

                begin transports
                out:
                  driver = smtp
                  hosts_require_auth = *
                  max_rcpt = 1
                %s
                %s

                begin retry
                * * F,1h,1m

                begin authenticators
                plain:
                  driver = plaintext
                  public_name = PLAIN
                  client_send = ^%s^%s
                """.formatted(sink.port(), tls(sink), connections(demand), SinkSession.USER, SinkSession.PASSWORD);
    }

    private static String connections(Demand demand) {
        return demand.connections() == 0 ? "" : "  max_parallel = " + demand.connections();
    }

    private static String tls(SinkProcess sink) {
        return sink.authority().map(file -> """
                  hosts_require_tls = *
                  tls_verify_certificates = %s
                  tls_verify_hosts = *
                """.formatted(file)).orElse("  hosts_avoid_tls = *");
    }
}
