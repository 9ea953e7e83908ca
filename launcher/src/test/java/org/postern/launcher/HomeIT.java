// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The home that the build has laid out, started as an operator starts it. */
class HomeIT {

    private static final Path HOME = Path.of(System.getProperty("postern.home"));

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();
    private Optional<Integer> heap = Optional.empty();
    private Path out;
    private Path err;

    @BeforeEach
    void nameOutputs() {
        out = directory.resolve("out.txt");
        err = directory.resolve("err.txt");
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(HOME.resolve("postern").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        heap.ifPresent(megabytes -> builder.environment().put("POSTERN_JAVA_OPTS", "-Xmx" + megabytes + "m"));
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private int run(String... arguments) throws Exception {
        Process process = start(arguments);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Path configuration(String text) throws IOException {
        return Files.writeString(directory.resolve("postern.conf"), text);
    }

    private static String listener(int port) {
        return "ESMTP_Listener { Listen \"127.0.0.1:" + port + "\" { } }\n";
    }

    private Process startReady(Path configuration) throws IOException {
        Process process = start("run", "-c", configuration.toString());
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.readString(out).contains("  process "));
        return process;
    }

    @Test
    void demonstratesTheMainJob() throws Exception {
        assertThat(run("demo", "--messages", "60", "--json"))
                .as(Files.readString(err))
                .isZero();

        String json = Files.readString(out);
        assertThat(json).startsWith("{\"ok\":true,\"accepted\":60,").hasLineCount(1);
        Path transcript = Path.of(json.replaceAll("(?s).*\"transcript\":\"([^\"]+)\".*", "$1"));
        assertThat(transcript).content().doesNotContain("bXN5cw==", "AHNwYXJrcG9zd", "passphrase");
        Files.delete(transcript);
        Files.delete(transcript.getParent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"postern.conf", "smart-host.conf"})
    void findsNothingWrongWithItsExamples(String example) throws Exception {
        assertThat(run("check", "-c", HOME.resolve("etc").resolve(example).toString()))
                .isZero();

        assertThat(out).content().contains("0 errors, 0 warnings");
        assertThat(err).isEmptyFile();
    }

    @Test
    void saysWhereAScriptIsWrong() throws Exception {
        Path script = Files.writeString(directory.resolve("policy.lua"), "local a = 1\nfunction (\n");
        Path file = configuration("Scriptlet \"scriptlet\" { Script \"policy\" { Source = \"policy\" } }\n");

        assertThat(run("check", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);

        assertThat(err).content().contains(script + ":2: error: ").doesNotContain("Exception");
        assertThat(out).content().contains(file + " is wrong: 1 error, 0 warnings");
    }

    @Test
    void warnsOfKeysWithoutAStore() throws Exception {
        Path file = configuration("Outbound_SMTP_AUTH_Key = relay\n");

        assertThat(run("check", "-c", file.toString())).isZero();
        assertThat(err).content().contains(file + ":1:1: warning: ", "no credential store is configured");

        Files.writeString(file, "Credential_Vault { File = v.kdbx Key_File = v.keyx }\n", StandardOpenOption.APPEND);
        assertThat(run("check", "-c", file.toString())).isZero();
        assertThat(err).isEmptyFile();
    }

    @Test
    void asksStoresForTheCredentialsOfAConfiguration() throws Exception {
        String vault = directory.resolve("v.kdbx").toString();
        assertThat(run("vault", "init", "--file", vault, "--key-file", vault.replace("kdbx", "keyx")))
                .isZero();
        Path secret = Files.writeString(directory.resolve("secret"), "wonderland\n");
        Process set = start("vault", "set", "relay", "--user", "alice", "--file", vault);
        try (OutputStream input = set.getOutputStream()) {
            Files.copy(secret, input);
        }
        assertThat(set.waitFor(120, TimeUnit.SECONDS)).isTrue();
        Path file = configuration("Credential_Vault { File = v.kdbx Key_File = v.keyx }\n"
                + "Domain a.example { Outbound_SMTP_AUTH_Key = relay }\n");

        assertThat(run("check", "--resolve", "-c", file.toString()))
                .as(Files.readString(err))
                .isZero();
        assertThat(err).isEmptyFile();
        assertThat(out)
                .content()
                .contains(file + ":2:20: credential 'relay' is in store vault: user alice, version ")
                .doesNotContain("wonderland");

        Files.writeString(file, "Domain b.example { Outbound_SMTP_AUTH_Key = nobody }\n", StandardOpenOption.APPEND);
        assertThat(run("check", "--resolve", "--json", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(out)
                .content()
                .contains("\"key\": \"nobody\", \"state\": \"missing\"")
                .doesNotContain("wonderland");

        Files.delete(directory.resolve("v.keyx"));
        assertThat(run("check", "--resolve", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).content().contains(file + ":2:20: error: no answer about credential 'relay': store vault: ");
    }

    private int runIn(int megabytes, String... arguments) throws Exception {
        heap = Optional.of(megabytes);
        return run(arguments);
    }

    /** With a password of its own for each domain, and one in the address of a database. */
    private Path inheritedTree(int domains) throws IOException {
        StringBuilder main = new StringBuilder("outbound_smtp_auth { }\ninclude \"domains.conf\"\n"
                + "Datasource \"creds\" { uri = ( \"pgsql:host=127.0.0.1;dbname=c;user=u;password=canary-base\" ) }\n");
        StringBuilder included = new StringBuilder();
        for (int i = 0; i < domains; i++) {
            included.append("Domain \"d" + i + ".example\" {\n  TLS = required  TLS_Verify = host\n"
                    + "  Outbound_SMTP_AUTH_Type = PLAIN\n  Outbound_SMTP_AUTH_User = \"user" + i + "\"\n"
                    + "  Outbound_SMTP_AUTH_Pass = \"canary-" + i + "\"\n}\n");
        }
        Files.writeString(directory.resolve("domains.conf"), included);
        return Files.writeString(directory.resolve("ecelerity.conf"), main);
    }

    @Test
    void movesThePasswordsOfTenThousandDomainsToAVaultAndFindsThemThere() throws Exception {
        Path inherited = inheritedTree(10_000);
        Path made = directory.resolve("new");

        assertThat(runIn(192, "migrate", inherited.toString(), "--out", made.toString(), "--vault"))
                .as(Files.readString(err))
                .isEqualTo(ExitCode.FAILED);

        assertThat(out)
                .content()
                .contains("10000 passwords, of which 10000 can move to a vault, under 10000 keys")
                .contains("ecelerity.conf:3:", "a password stands in this URI")
                .doesNotContain("canary");
        assertThat(made.resolve("domains.conf"))
                .content()
                .doesNotContain("canary")
                .contains("Domain \"d9999.example\"");

        assertThat(runIn(
                        192,
                        "check",
                        "--resolve",
                        "-c",
                        made.resolve("ecelerity.conf").toString()))
                .as(Files.readString(err))
                .isZero();
        assertThat(out)
                .content()
                .doesNotContain("canary")
                .containsPattern("domains.conf:59999:.*credential 'user9999' is in store vault: user user9999, ");
        assertThat(Files.readAllLines(out).stream().filter(line -> line.contains(" is in store vault: ")))
                .hasSize(10_000);
    }

    @Test
    void saysOnceWhatIsWrongWhereStoresWereToBeAsked() throws Exception {
        Path wrong = configuration("Foo = 1\n");

        assertThat(run("check", "--resolve", "-c", wrong.toString())).isEqualTo(ExitCode.CONFIGURATION);

        assertThat(err).content().startsWith(wrong + ":1:1: error: ").hasLineCount(1);
        assertThat(run("check", "--resolve", "-c")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void listsVerbsOfBundles() throws Exception {
        assertThat(run("--help")).isZero();

        assertThat(out).content().contains("  check ", "  vault ", "  run ", "  explain ");
    }

    private static String account(int port) {
        return listener(0) + "Domain \"a.example\" { Routes = ( \"smtp://127.0.0.1:" + port + "\" )\n"
                + "  Outbound_SMTP_AUTH_User = \"alice\"\n  Outbound_SMTP_AUTH_Pass = \"wonderland\" }\n";
    }

    @Test
    void explainsByAConfigurationWithoutOpeningAnything() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = configuration(
                    listener(taken.getLocalPort()) + account(2599) + "Spool_Local { Directory = \"mail\" }\n");

            assertThat(run("explain", "-c", file.toString(), "--to", "x@a.example"))
                    .as(Files.readString(err))
                    .isZero();

            assertThat(out)
                    .content()
                    .contains("goes out as alice, with the password or token from " + file, file + ":3")
                    .doesNotContain("wonderland", "\u001b");
        }
        assertThat(directory.resolve("mail")).doesNotExist();
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void explainsNothingByAWrongConfiguration() throws Exception {
        Path wrong = configuration("Foo = 1\n");

        assertThat(run("explain", "-c", wrong.toString(), "--to", "x@a.example"))
                .isEqualTo(ExitCode.CONFIGURATION);

        assertThat(err).content().contains(wrong + ":1:1: ");
    }

    @Test
    void asksARelayThatRuns() throws Exception {
        Path file = configuration(account(2599));
        startReady(file);
        out = directory.resolve("asked.txt");

        assertThat(run("explain", "--instance", directory.toString(), "--to=x@a.example", "--json"))
                .as(Files.readString(err))
                .isZero();
        assertThat(out).content().contains("\"user\": \"alice\"").doesNotContain("wonderland");

        Files.writeString(file, account(2599).replace("alice", "bob"));
        assertThat(run("reload", "--instance", directory.resolve("state").toString()))
                .isZero();
        assertThat(run("explain", "--instance", directory.toString(), "--to", "x@a.example"))
                .isZero();
        assertThat(out).content().contains("goes out as bob");
        assertThat(run("explain", "--instance", directory.toString())).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void saysThatNoRelayRunsWhereItIsAsked() throws Exception {
        assertThat(run("reload", "--instance", directory.toString())).isEqualTo(ExitCode.FAILED);

        assertThat(err)
                .content()
                .contains("no relay runs with state directory " + directory)
                .hasLineCount(1);
    }

    @Test
    void runsUntilItIsAskedToEnd() throws Exception {
        Process relay = startReady(configuration(listener(0)));

        assertThat(out).content().contains("127.0.0.1:", "LOGIN, ", "PLAIN", "core ");
        assertThat(relay.toHandle().destroy()).isTrue();
        assertThat(relay.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(relay.exitValue()).isEqualTo(ExitCode.OK);
    }

    @Test
    void endsWithEveryProblemOfAWrongConfiguration() throws Exception {
        Path wrong = configuration("Foo = 1\nTLS = \"perhaps\"\n" + listener(0));

        assertThat(run("run", "-c", wrong.toString())).isEqualTo(ExitCode.CONFIGURATION);

        assertThat(err).content().contains(wrong + ":1:1: ", wrong + ":2:");
        assertThat(out).isEmptyFile();
    }

    @Test
    void endsWhereNothingWouldListen() throws Exception {
        Path silent = configuration("TLS = no\n");

        assertThat(run("run", "-c", silent.toString())).isEqualTo(ExitCode.CONFIGURATION);

        assertThat(err).content().contains("the configuration opens no listener");
    }

    @Test
    void endsWhenThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path configuration = configuration(listener(taken.getLocalPort()));

            assertThat(run("run", "-c", configuration.toString())).isEqualTo(ExitCode.CANNOT_START);
        }

        assertThat(err).content().contains("postern: ").contains("Address already in use");
    }

    @Test
    void takesABundleFromTheDropFolder() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("bundles"));
        startReady(configuration(listener(0)));
        Path shipped = HOME.resolve("system/3/postern-auth-login.jar");

        Path unready = Files.copy(shipped, directory.resolve("login.part"));
        Files.move(unready, folder.resolve("login.jar"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Files.readString(err)).contains("LOGIN is gone"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(Files.readString(err).lines().filter(line -> line.contains("LOGIN is here")))
                                .hasSize(2));
    }

    @Test
    void startsWithWhatLiesInTheDropFolderWithoutWaitingInVain() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("bundles"));
        Files.copy(HOME.resolve("system/3/postern-auth-login.jar"), folder.resolve("login.jar"));
        Files.writeString(folder.resolve("broken.jar"), "no jar");
        startReady(configuration(listener(0)));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Files.readString(err)).contains("broken.jar is passed over"));
        assertThat(err).content().doesNotContain("login.jar is passed over");
    }

    @Test
    void warnsOfADropFolderThatOthersCanWrite() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("bundles"));
        Files.setAttribute(folder, "unix:mode", 0777);

        startReady(configuration(listener(0)));

        assertThat(err).content().contains(folder + " is not watched");
        assertThat(out).content().contains("not watched");
    }
}
