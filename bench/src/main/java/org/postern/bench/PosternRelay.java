// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Postern as its operator starts it: the command of the built home, in the foreground. */
final class PosternRelay implements Relay {

    private static final long STOP_SECONDS = 60;

    private final String name;
    private final Path home;
    private final Path folder;
    private final SinkProcess sink;
    private final String version;
    private int port;
    private Process process;

    private PosternRelay(String name, Path home, Path folder, SinkProcess sink, String version) {
        this.name = name;
        this.home = home;
        this.folder = folder;
        this.sink = sink;
        this.version = version;
    }

    /**
     * @param name what the table calls it
     * @param home the built home
     * @param folder for configuration, state and log
     */
    static PosternRelay of(String name, Path home, Path folder, SinkProcess sink)
            throws IOException, InterruptedException {
        Command command = new Command(List.of(home.resolve("postern").toString(), "--version"));
        return new PosternRelay(
                name, home, folder, sink, command.output().lines().findFirst().orElse("Postern"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() throws IOException {
        Folders.fresh(folder);
        port = Ports.free();
        Path configuration = Files.writeString(folder.resolve("postern.conf"), configuration());
        process = new ProcessBuilder(
                        home.resolve("postern").toString(),
                        "run",
                        "-c",
                        configuration.toString(),
                        "--state",
                        folder.resolve("state").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("postern.log").toFile())
                .start();
    }

    private String configuration() {
        return """
                Gateway = "localhost:%d"
                Outbound_SMTP_AUTH_Type = "PLAIN"
                Outbound_SMTP_AUTH_User = "%s"
                Outbound_SMTP_AUTH_Pass = "%s"
                %s
                ESMTP_Listener {
                  Listen "127.0.0.1:%d" { }
                }
                """.formatted(sink.port(), SinkSession.USER, SinkSession.PASSWORD, tls(), port);
    }

    private String tls() {
        return sink.authority()
                .map(file -> "TLS = \"required\"\nTLS_Verify = \"host\"\nTLS_CA = \"" + file + "\"")
                .orElse("TLS = \"no\"");
    }

    @Override
    public Optional<ProcessTree> processes() {
        return Optional.ofNullable(process).map(Process::toHandle).map(ProcessTree::new);
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        if (process == null) {
            return;
        }
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        process = null;
    }
}
