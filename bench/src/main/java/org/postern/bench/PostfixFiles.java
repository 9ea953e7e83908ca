// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The configuration of Postfix: as durable as it ships, and otherwise as fast as its administrator can make it. */
final class PostfixFiles {

    private static final int PROCESSES = 100;
    private static final int CONNECTIONS = 50;
    private static final int CONNECTIONS_AT_FIRST = 20;

    private PostfixFiles() {}

    static void write(Path folder, Path etc, int port, SinkProcess sink, Demand demand) throws IOException {
        Files.writeString(etc.resolve("master.cf"), master(port, demand));
        Files.writeString(etc.resolve("main.cf"), main(folder, etc, sink, demand) + tls(sink));
        Path passwords = etc.resolve("sasl_passwd");
        Files.writeString(
                passwords, "[localhost]:" + sink.port() + " " + SinkSession.USER + ":" + SinkSession.PASSWORD + "\n");
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    }

    private static String master(int port, Demand demand) {
        return """
                127.0.0.1:%1$d inet n - n - 100 smtpd
                cleanup   unix  n - n -     0   cleanup
                qmgr      unix  n - n 300   1   qmgr
                rewrite   unix  - - n -     -   trivial-rewrite
                tlsmgr    unix  - - n 1000? 1   tlsmgr
                tlsproxy  unix  - - n -     0   tlsproxy
                bounce    unix  - - n -     0   bounce
                defer     unix  - - n -     0   bounce
                trace     unix  - - n -     0   bounce
                verify    unix  - - n -     1   verify
                flush     unix  n - n 1000? 0   flush
                proxymap  unix  - - n -     -   proxymap
                proxywrite unix - - n -     1   proxymap
                smtp      unix  - - n -     %2$d smtp
                relay     unix  - - n -     %2$d smtp
                error     unix  - - n -     -   error
                retry     unix  - - n -     -   error
                discard   unix  - - n -     -   discard
                anvil     unix  - - n -     1   anvil
                scache    unix  - - n -     1   scache
                """.formatted(port, Math.max(PROCESSES, demand.connections()));
    }

    private static String main(Path folder, Path etc, SinkProcess sink, Demand demand) {
        return """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                mail_owner = postfix
                setgid_group = postdrop
                myhostname = load.example
                mydestination =
                alias_maps =
                alias_database =
                local_recipient_maps =
                local_transport = error:no local mail
                mynetworks = 127.0.0.0/8
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                biff = no
                append_dot_mydomain = no
                local_header_rewrite_clients =
                receive_override_options = no_address_mappings, no_header_body_checks

                # in
                smtpd_peername_lookup = no
                smtpd_client_restrictions =
                smtpd_helo_restrictions =
                smtpd_sender_restrictions =
                smtpd_relay_restrictions = permit_mynetworks, reject
                smtpd_recipient_restrictions =
                smtpd_data_restrictions =
                smtpd_end_of_data_restrictions =
                smtpd_client_connection_count_limit = 0
                smtpd_client_connection_rate_limit = 0
                smtpd_tls_security_level = none
                in_flow_delay = 0
                default_process_limit = 300
                max_use = 10000

                # queue
                qmgr_message_active_limit = 100000
                qmgr_message_recipient_limit = 100000
                default_destination_concurrency_limit = %4$d
                initial_destination_concurrency = %5$d
                smtp_destination_concurrency_limit = %4$d

                # out
                relayhost = [localhost]:%2$d
                smtp_dns_support_level = disabled
                smtp_host_lookup = native
                smtp_sasl_auth_enable = yes
                smtp_sasl_password_maps = texthash:%3$s/sasl_passwd
                smtp_sasl_security_options = noanonymous
                smtp_sasl_tls_security_options = noanonymous
                smtp_sasl_mechanism_filter = plain
                """.formatted(
                        folder,
                        sink.port(),
                        etc,
                        demand.connections() == 0 ? CONNECTIONS : demand.connections(),
                        demand.connections() == 0 ? CONNECTIONS_AT_FIRST : demand.connections());
    }

    /**
     * Whether Postfix keeps connections is whatever makes it faster here: on loopback a new one costs less than handing a
     * kept one from process to process, unless there is a TLS handshake in it or the peer is far away.
     */
    private static String tls(SinkProcess sink) {
        return sink.authority().map(file -> """
                        smtp_tls_security_level = verify
                        smtp_tls_verify_cert_match = hostname
                        smtp_tls_CAfile = %s
                        smtp_tls_connection_reuse = yes
                        """.formatted(file)).orElse("""
                        smtp_tls_security_level = none
                        """) + reuse(sink);
    }

    private static String reuse(SinkProcess sink) {
        return sink.authority().isPresent() || sink.peer().lateMillis() > 0 ? """
                        smtp_connection_cache_destinations = [localhost]:%d
                        smtp_connection_reuse_time_limit = 3600s
                        smtp_connection_cache_time_limit = 300s
                        connection_cache_ttl_limit = 300s
                        """.formatted(sink.port()) : """
                        smtp_connection_cache_on_demand = no
                        """;
    }
}
