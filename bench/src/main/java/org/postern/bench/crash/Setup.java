// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** The world of the relay: destinations, bindings with an account each, and the configuration that says so. */
final class Setup {

    /** Where senders are told what failed. */
    static final String SENDERS = "senders.example";

    /** One worker: what is durable shows in what comes next. */
    private static final Destination ONE = new Destination("one.example", 1);

    static final List<Destination> DESTINATIONS =
            List.of(ONE, new Destination("few.example", 2), new Destination("many.example", 8));

    /** Bindings, each with the account of the same name. */
    static final List<String> BINDINGS = List.of("invoices", "news", "alerts");

    private static final int WORKERS_FOR_SENDERS = 2;
    private static final String LIFE = "life-";

    private Setup() {}

    /**
     * A domain that mail goes to.
     *
     * @param workers deliveries at once for each binding
     */
    record Destination(String domain, int workers) {}

    static String password(String user) {
        return "password-of-" + user;
    }

    static boolean hasOneWorker(String domain) {
        return domain.equals(ONE.domain());
    }

    /** The number of the life in which a relay gives this name in EHLO. */
    static int life(String name) {
        return Integer.parseInt(name.substring(LIFE.length(), name.indexOf('.')));
    }

    /**
     * What a relay is started with.
     *
     * @param life its number
     * @param port of the peer on 127.0.0.1
     */
    static String configuration(int life, int port) {
        return """
                EHLO_Hostname = "%s%d.example"
                TLS = "no"
                Retry_Interval = 1
                Max_Retry_Interval = 2
                Host_Failure_Retry = 0
                DSN_Throttle = 0
                Outbound_SMTP_AUTH_Type = "PLAIN"
                Outbound_SMTP_AUTH_User = "reports"
                Outbound_SMTP_AUTH_Pass = "%s"
                %s
                %s
                ESMTP_Listener {
                  Add_Received = false
                  Listen "127.0.0.1:0" { }
                }
                """.formatted(LIFE, life, password("reports"), bindings(), domains(port));
    }

    private static String bindings() {
        return BINDINGS.stream()
                .map(name -> String.format(
                        Locale.ROOT,
                        "Binding \"%1$s\" { Outbound_SMTP_AUTH_User = \"%1$s\"  Outbound_SMTP_AUTH_Pass = \"%2$s\" }",
                        name,
                        password(name)))
                .collect(Collectors.joining("\n"));
    }

    private static String domains(int port) {
        return DESTINATIONS.stream()
                        .map(one -> domain(one.domain(), one.workers(), port))
                        .collect(Collectors.joining("\n"))
                + "\n" + domain(SENDERS, WORKERS_FOR_SENDERS, port);
    }

    private static String domain(String name, int workers, int port) {
        return String.format(
                Locale.ROOT,
                "Domain \"%s\" { Routes = ( \"smtp://localhost:%d\" )  Max_Outbound_Connections = %d }",
                name,
                port,
                workers);
    }

    /** Lets time pass. */
    static void rest(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
