// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** MIT Kerberos' {@code krb5kdc}, with a database of its own below a folder. */
final class KeyDistributionCentre implements AutoCloseable {

    private static final Path CENTRE = Path.of("/usr/sbin/krb5kdc");
    private static final Path ADMIN = Path.of("/usr/sbin/kadmin.local");
    private static final Path DATABASE = Path.of("/usr/sbin/kdb5_util");

    private final Path folder;
    private final int port;
    private Process process;

    private KeyDistributionCentre(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static boolean isInstalled() {
        return Files.isExecutable(CENTRE) && Files.isExecutable(ADMIN) && Files.isExecutable(DATABASE);
    }

    static KeyDistributionCentre start(Path folder) throws Exception {
        KeyDistributionCentre centre = new KeyDistributionCentre(folder, freePort());
        centre.configure();
        centre.run(DATABASE, "create", "-s", "-P", "master of the test", "-r", "POSTERN.TEST");
        centre.process = centre.builder(List.of(CENTRE.toString(), "-n"))
                .redirectOutput(folder.resolve("kdc.out").toFile())
                .start();
        centre.awaitPort();
        return centre;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void configure() throws IOException {
        Files.writeString(configuration(), """
                [libdefaults]
                  default_realm = POSTERN.TEST
                  dns_lookup_kdc = false
                  dns_lookup_realm = false
                  dns_canonicalize_hostname = false
                  rdns = false
                  udp_preference_limit = 1
                [realms]
                  POSTERN.TEST = {
                    kdc = 127.0.0.1:%d
                  }
                [domain_realm]
                  example.test = POSTERN.TEST
                  .example.test = POSTERN.TEST
                """.formatted(port));
        Files.writeString(folder.resolve("kdc.conf"), """
                [kdcdefaults]
                  kdc_listen = ""
                  kdc_tcp_listen = 127.0.0.1:%1$d
                [realms]
                  POSTERN.TEST = {
                    database_name = %2$s/principal
                    key_stash_file = %2$s/stash
                    acl_file = %2$s/kadm5.acl
                    max_life = 1h
                  }
                [logging]
                  kdc = FILE:%2$s/kdc.log
                  admin_server = FILE:%2$s/kadmin.log
                """.formatted(port, folder));
    }

    Path configuration() {
        return folder.resolve("krb5.conf");
    }

    void principal(String name, String password) throws Exception {
        run(ADMIN, "-q", "addprinc -pw \"" + password + "\" " + name);
    }

    /** Adds a principal with a random key, which goes into a file of the folder. */
    void keytab(String name, String file) throws Exception {
        run(ADMIN, "-q", "addprinc -randkey " + name);
        run(ADMIN, "-q", "ktadd -k " + folder.resolve(file) + " " + name);
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KRB5_CONFIG", configuration().toString());
        builder.environment().put("KRB5_KDC_PROFILE", folder.resolve("kdc.conf").toString());
        return builder;
    }

    private void run(Path program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process started = builder(command).start();
        started.getOutputStream().close();
        String printed = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(started.waitFor(30, TimeUnit.SECONDS)).as(printed).isTrue();
        assertThat(started.exitValue()).as(printed).isZero();
    }

    private void awaitPort() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("kdc.out")))
                    .isTrue();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
