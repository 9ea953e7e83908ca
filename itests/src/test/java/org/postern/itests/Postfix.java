// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postern.launcher.Directories;
import org.postern.peer.ServerCertificate;

/**
 * Debian's Postfix with Dovecot's SASL, on free ports of 127.0.0.1, with a configuration and a queue of its own. It takes
 * mail only under TLS and after a login, and passes all of it on. The system's own Postfix, if there is one, is not
 * touched.
 */
final class Postfix implements AutoCloseable {

    private static final Path POSTFIX = Path.of("/usr/sbin/postfix");
    private static final Path DOVECOT = Path.of("/usr/sbin/dovecot");

    /** A recipient of whom it takes a second to answer the end of a message. */
    static final String FAR = "far@mta.example";

    private static final String TOKENS = """
            passdb {
              driver = oauth2
              mechanisms = xoauth2 oauthbearer
              args = %s/oauth2.conf
            }
            """;

    private final Path folder;
    private final int port;
    private final int implicitTlsPort;
    private final Process dovecot;
    private final Process postfix;

    private Postfix(Path folder, int port, int implicitTlsPort, Process dovecot, Process postfix) {
        this.folder = folder;
        this.port = port;
        this.implicitTlsPort = implicitTlsPort;
        this.dovecot = dovecot;
        this.postfix = postfix;
    }

    /** Why it cannot run here, if it cannot. */
    static Optional<String> obstacle() throws Exception {
        if (!Files.isExecutable(POSTFIX) || !Files.isExecutable(DOVECOT)) {
            return Optional.of("Postfix and Dovecot are not installed (apt-get install postfix dovecot-core)");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("Postfix and Dovecot start as root only");
        }
        String version = printed(DOVECOT.toString(), "--version");
        return version.startsWith("2.3.")
                ? Optional.empty()
                : Optional.of("the configuration below is for Dovecot 2.3, not for " + version.strip());
    }

    private static String printed(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(text).isTrue();
        return text;
    }

    /** Starts both, with accounts that have passwords. */
    static Postfix start(ServerCertificate certificate, Map<String, String> accounts, int nextHop) throws Exception {
        return start(certificate, accounts, Optional.empty(), nextHop);
    }

    /**
     * Starts both.
     *
     * @param accounts passwords by user; no user has a colon, which Dovecot's file of users has no way to write
     * @param tokens where Dovecot asks whose a token is, if it takes tokens; the token is appended
     * @param nextHop the port of 127.0.0.1 that mail is passed on to
     */
    static Postfix start(ServerCertificate certificate, Map<String, String> accounts, Optional<URI> tokens, int nextHop)
            throws Exception {
        // Not below the module: the path must be short enough for sockets, and open to the accounts of both.
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "mta").toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = freePort();
        int implicitTlsPort = freePort();
        int saslPort = freePort();
        writeDovecot(folder, accounts, tokens, saslPort);
        writePostfix(folder, certificate, List.of(port, implicitTlsPort), saslPort, nextHop);
        Process dovecot = launch(folder, "dovecot", DOVECOT.toString(), "-F", "-c", folder + "/dovecot.conf");
        Process postfix = launch(folder, "postfix", POSTFIX.toString(), "-c", folder + "/postfix", "start-fg");
        Postfix both = new Postfix(folder, port, implicitTlsPort, dovecot, postfix);
        try {
            both.awaitPort(saslPort);
            both.awaitPort(port);
            both.awaitPort(implicitTlsPort);
            return both;
        } catch (RuntimeException | Error notStarted) {
            System.getLogger("itests").log(System.Logger.Level.ERROR, both.log());
            both.close();
            throw notStarted;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Process launch(Path folder, String name, String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".out.log").toFile())
                .start();
    }

    private void awaitPort(int awaited) {
        eventually(() -> {
            assertThat(dovecot.isAlive() && postfix.isAlive()).as(log()).isTrue();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", awaited), 1_000);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private static void writeDovecot(Path folder, Map<String, String> accounts, Optional<URI> tokens, int saslPort)
            throws IOException {
        Files.write(
                folder.resolve("users"),
                accounts.entrySet().stream()
                        .map(account -> escaped(account.getKey()) + ":{PLAIN.B64}" + base64(account.getValue()))
                        .toList());
        Files.writeString(folder.resolve("oauth2.conf"), """
                tokeninfo_url = %s
                username_attribute = user
                timeout_msecs = 10000
                openid_configuration_url = https://provider.example/.well-known/openid-configuration
                """.formatted(
                        tokens.map(URI::toString).orElse("")));
        Files.writeString(folder.resolve("dovecot.conf"), """
                base_dir = %1$s/run
                state_dir = %1$s/run
                log_path = %1$s/dovecot.log
                protocols =
                ssl = no
                auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256%3$s
                auth_failure_delay = 0
                auth_username_chars =
                passdb {
                  driver = passwd-file
                  args = %1$s/users
                  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
                }
                %4$s
                userdb {
                  driver = static
                  args = uid=nobody gid=nogroup home=/nonexistent
                }
                service auth {
                  inet_listener {
                    address = 127.0.0.1
                    port = %2$d
                  }
                }
                # Without this, refused logins are answered later and later, at last not before Postfix gives up.
                service anvil {
                  unix_listener anvil-auth-penalty {
                    mode = 0
                  }
                }
                """.formatted(
                        folder,
                        saslPort,
                        tokens.isPresent() ? " xoauth2 oauthbearer" : "",
                        tokens.isPresent() ? TOKENS.formatted(folder) : ""));
    }

    /** As Dovecot looks users of a file up. */
    private static String escaped(String user) {
        return user.replaceAll("([\\\\\"'])", "\\\\$1");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static void writePostfix(
            Path folder, ServerCertificate certificate, List<Integer> ports, int saslPort, int nextHop)
            throws Exception {
        Path configuration = Files.createDirectory(folder.resolve("postfix"));
        Files.createDirectory(folder.resolve("queue"));
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        Files.writeString(folder.resolve("chain.pem"), pem(certificate));
        Files.writeString(configuration.resolve("main.cf"), mainCf(folder, saslPort, nextHop));
        Files.writeString(configuration.resolve("master.cf"), masterCf(ports));
    }

    private static String mainCf(Path folder, int saslPort, int nextHop) {
        return """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/postfix.log
                maillog_file_prefixes = %1$s
                myhostname = mta.example
                mydestination =
                mynetworks =
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                alias_maps =
                local_recipient_maps =
                local_header_rewrite_clients =
                message_size_limit = 60000000
                smtpd_tls_security_level = encrypt
                smtpd_tls_chain_files = %1$s/chain.pem
                smtpd_sasl_auth_enable = yes
                smtpd_sasl_type = dovecot
                smtpd_sasl_path = inet:127.0.0.1:%2$d
                smtpd_relay_restrictions = permit_sasl_authenticated, reject
                smtpd_recipient_restrictions = permit_sasl_authenticated, reject
                smtpd_end_of_data_restrictions = check_recipient_access inline:{{%4$s = sleep 1}}
                smtpd_delay_reject = yes
                smtpd_authorized_xclient_hosts = 127.0.0.1
                in_flow_delay = 0
                smtp_tls_security_level = none
                smtp_host_lookup = native
                relayhost = [127.0.0.1]:%3$d
                """.formatted(folder, saslPort, nextHop, FAR);
    }

    private static String masterCf(List<Integer> ports) {
        return """
                127.0.0.1:%d inet n - n - - smtpd
                127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
                cleanup   unix n - n - 0 cleanup
                qmgr      unix n - n 300 1 qmgr
                tlsmgr    unix - - n 1000? 1 tlsmgr
                rewrite   unix - - n - - trivial-rewrite
                bounce    unix - - n - 0 bounce
                defer     unix - - n - 0 bounce
                trace     unix - - n - 0 bounce
                verify    unix - - n - 1 verify
                flush     unix n - n 1000? 0 flush
                proxymap  unix - - n - - proxymap
                smtp      unix - - n - - smtp
                relay     unix - - n - - smtp
                error     unix - - n - - error
                retry     unix - - n - - error
                anvil     unix - - n - 1 anvil
                scache    unix - - n - 1 scache
                postlog   unix-dgram n - n - 1 postlogd
                """.formatted(ports.get(0), ports.get(1));
    }

    private static String pem(ServerCertificate certificate) throws GeneralSecurityException {
        StringBuilder pem =
                new StringBuilder(block("PRIVATE KEY", certificate.key().getEncoded()));
        for (var one : certificate.chain()) {
            pem.append(block("CERTIFICATE", one.getEncoded()));
        }
        return pem.toString();
    }

    private static String block(String what, byte[] octets) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    /** Where it takes mail. */
    int port() {
        return port;
    }

    /** Where it takes mail and TLS begins with the connection. */
    int implicitTlsPort() {
        return implicitTlsPort;
    }

    /** What Postfix logged so far. */
    List<String> mailLog() {
        return logOf(folder.resolve("postfix.log")).lines().toList();
    }

    private String log() {
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder all = new StringBuilder();
            files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .forEach(file -> all.append(file).append(":\n").append(logOf(file)));
            return all.toString();
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private static String logOf(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    /** Ends both, and what they started. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = Stream.of(postfix, dovecot)
                .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
                .toList();
        postfix.destroy();
        dovecot.destroy();
        all.getFirst().onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
        all.forEach(ProcessHandle::destroyForcibly);
        eventually(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        Directories.delete(folder);
    }
}
