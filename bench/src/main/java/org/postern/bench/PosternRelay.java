// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Postern as its operator starts it: the command of the built home, in the foreground. */
final class PosternRelay extends StartedRelay {

    private static final long STOP_SECONDS = 60;
    /** Each account's turn comes seldom where there are many, and a new session costs turns where they take long. */
    private static final String KEEP_SESSIONS = "Idle_Timeout = 300\n";

    private final Path home;
    private final SinkProcess sink;
    private final Demand demand;

    private PosternRelay(String name, Path home, Path folder, SinkProcess sink, Demand demand, String version) {
        super(name, version, folder, "postern.log");
        this.home = home;
        this.sink = sink;
        this.demand = demand;
    }

    /**
     * @param name what the table calls it
     * @param home the built home
     * @param folder for configuration, state and log
     * @param demand what the load asks of the configuration
     */
    static PosternRelay of(String name, Path home, Path folder, SinkProcess sink, Demand demand)
            throws IOException, InterruptedException {
        Command command = new Command(List.of(home.resolve("postern").toString(), "--version"));
        return new PosternRelay(
                name,
                home,
                folder,
                sink,
                demand,
                command.output().lines().findFirst().orElse("Postern"));
    }

    @Override
    ProcessBuilder prepare() throws IOException {
        Path configuration = Files.writeString(folder().resolve("postern.conf"), configuration());
        return new ProcessBuilder(
                home.resolve("postern").toString(),
                "run",
                "-c",
                configuration.toString(),
                "--state",
                folder().resolve("state").toString());
    }

    private String configuration() {
        return """
                Gateway = "localhost:%d"
                Outbound_SMTP_AUTH_Type = "PLAIN"
                %s
                %s
                %s
                ESMTP_Listener {
                  Listen "127.0.0.1:%d" { }
                }
                """.formatted(sink.port(), connections(), accounts(), tls(), port());
    }

    private String connections() {
        return demand.connections() == 0
                ? ""
                : "Max_Outbound_Connections = " + demand.connections() + "\n" + KEEP_SESSIONS;
    }

    private String accounts() {
        return IntStream.range(0, demand.domains())
                .mapToObj(number -> domain(number, account(Integer.toString(number % demand.accounts()))))
                .collect(Collectors.joining("", account("") + (demand.domains() == 0 ? "" : KEEP_SESSIONS), ""));
    }

    private static String domain(int number, String account) {
        return "Domain \"d" + number + ".sink.example\" {\n" + account + "}\n";
    }

    private static String account(String number) {
        return """
                Outbound_SMTP_AUTH_User = "%s%s"
                Outbound_SMTP_AUTH_Pass = "%s"
                """.formatted(SinkSession.USER, number, SinkSession.PASSWORD);
    }

    private String tls() {
        return sink.authority()
                .map(file -> "TLS = \"required\"\nTLS_Verify = \"host\"\nTLS_CA = \"" + file + "\"")
                .orElse("TLS = \"no\"");
    }

    /** Its one process ends in order, and may take its time for it. */
    @Override
    void end(Process relay) throws InterruptedException {
        relay.destroy();
        if (!relay.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            relay.destroyForcibly().waitFor();
        }
    }
}
