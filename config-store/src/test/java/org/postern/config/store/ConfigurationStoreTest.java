// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.StanzaCheck;
import org.postern.testkit.ManualClock;
import org.slf4j.LoggerFactory;

@Timeout(180)
class ConfigurationStoreTest {

    @TempDir
    Path directory;

    private final ManualClock clock = ManualClock.at(Instant.now());
    private final FakeConfigurationAdmin admin = new FakeConfigurationAdmin();
    private final List<SettingsSnapshot> heard = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConfigurationStore.class);
    private FakeContext framework;
    private Folder folder;
    private ConfigurationStore store;
    private String printed = "";

    @BeforeEach
    void open() {
        logged.start();
        logger.addAppender(logged);
        folder = new Folder(directory);
        framework = new FakeContext(Map.of("postern.conf", folder.main().toString()));
        make();
        store.addVocabulary(Words.ofEngine());
    }

    private void make() {
        store = new ConfigurationStore(framework.context(), admin, clock);
        store.addListener(heard::add);
    }

    @AfterEach
    void close() throws InterruptedException {
        store.stop();
        logger.detachAppender(logged);
        assertThat(framework.services).isEmpty();
    }

    private int run(OperatorCommand command, String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int exit = command.run(List.of(arguments), InputStream.nullInputStream(), print, print);
        printed = bytes.toString(StandardCharsets.UTF_8).replace(directory + "/", "");
        return exit;
    }

    private List<String> log() {
        return logged.list.stream()
                .map(event ->
                        event.getLevel() + " " + event.getFormattedMessage().replace(directory + "/", ""))
                .toList();
    }

    private SettingsStore service() {
        assertThat(framework.services).hasSize(1);
        return (SettingsStore) framework.services.getFirst();
    }

    private static long port(SettingsSnapshot snapshot) {
        return snapshot.at(ScopePath.GLOBAL, Words.PORT).flatMap(Located::value).orElseThrow();
    }

    @Test
    void registersTheServiceWithTheFirstConfigurationThatIsRight() {
        folder.write("postern.conf", "Remote_SMTP_Port = 0");
        store.tick();
        assertThat(framework.services).isEmpty();
        assertThat(run(new ConfigStatusCommand(store))).isEqualTo(3);
        assertThat(printed)
                .contains("postern.conf:1:20: error: Remote_SMTP_Port must be")
                .contains("no configuration is in force");
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.tick();
        store.tick();
        assertThat(port(service().current())).isEqualTo(1);
        assertThat(heard).containsExactly(service().current());
        assertThat(run(new ConfigStatusCommand(store))).isZero();
        assertThat(printed).isEqualTo("configuration 1 of postern.conf is in force: 0 errors, 0 warnings\n");
    }

    @Test
    void staysUpWithoutAnyConfiguration() {
        framework = new FakeContext(Map.of());
        make();
        store.tick();
        assertThat(run(new ConfigStatusCommand(store))).isEqualTo(3);
        assertThat(printed).contains("no configuration file is named by the property postern.conf");
        assertThat(run(new ReloadCommand(store))).isEqualTo(3);
    }

    @Test
    void waitsQuietlyForTheWordsOfOtherBundles() {
        folder.write("postern.conf", "ESMTP_Listener { }");
        store.tick();
        assertThat(log()).isEmpty();
        store.addVocabulary(Words.ofBundles());
        store.tick();
        assertThat(log()).singleElement().asString().startsWith("INFO configuration 1 of postern.conf is in force");
        assertThat(admin.configurations).containsOnlyKeys("org.postern.intake.smtp");
    }

    @Test
    void complainsOnceWhenPatienceIsOver() {
        folder.write("postern.conf", "ESMTP_Listener { }");
        store.tick();
        clock.advance(AttemptLog.PATIENCE);
        store.tick();
        store.tick();
        store.tick();
        assertThat(log())
                .containsExactly(
                        "ERROR postern.conf:1:1: error: unknown stanza ESMTP_Listener",
                        "ERROR the configuration is refused: 1 error, 0 warnings; none is in force, so that no mail moves");
    }

    @Test
    void complainsOnceOfAWrongFileAndKeepsTheLastGoodOne() {
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.tick();
        folder.write("postern.conf", "Remote_SMTP_Prot = 2");
        for (int i = 0; i < 10; i++) {
            store.tick();
        }
        assertThat(port(service().current())).isEqualTo(1);
        assertThat(log().stream().filter(line -> line.startsWith("ERROR")))
                .containsExactly(
                        "ERROR postern.conf:1:1: error: unknown option Remote_SMTP_Prot (did you mean Remote_SMTP_Port?)",
                        "ERROR the configuration is refused: 1 error, 0 warnings; the last good one stays in force");
        assertThat(run(new ConfigStatusCommand(store)))
                .as("in force all the same")
                .isZero();
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.tick();
        store.tick();
        assertThat(log().getLast()).isEqualTo("INFO postern.conf is right again and says what is in force");
    }

    @Test
    void repeatsNoWarningThatIsKnown() {
        folder.write("postern.conf", "Outbound_SMTP_AUTH_Pass = x");
        store.tick();
        folder.write("postern.conf", "Outbound_SMTP_AUTH_Pass = yy");
        store.tick();
        store.tick();
        assertThat(log().stream().filter(line -> line.startsWith("WARN"))).hasSize(1);
        assertThat(log()).contains("INFO changed: global: Outbound_SMTP_AUTH_Pass: ******** -> ********");
    }

    @Test
    void reloadsOnCommandAndSaysWhatChanged() {
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.tick();
        assertThat(run(new ReloadCommand(store))).isZero();
        assertThat(printed).isEqualTo("nothing changed; configuration 1 stays in force\n");
        folder.write("postern.conf", "Remote_SMTP_Port = 2\nOutbound_SMTP_AUTH_User = u");
        assertThat(run(new ReloadCommand(store))).isZero();
        assertThat(printed).isEqualTo("""
                global: Outbound_SMTP_AUTH_User: unset -> "u"
                global: Remote_SMTP_Port: 1 -> 2
                configuration 2 is in force, 2 changed
                """);
        folder.write("postern.conf", "Remote_SMTP_Port = x");
        assertThat(run(new ReloadCommand(store))).isEqualTo(3);
        assertThat(printed).endsWith("refused: 1 error, 0 warnings; configuration 2 stays in force\n");
        assertThat(port(service().current())).isEqualTo(2);
    }

    @Test
    void checksAFileWithoutPuttingItInForce() {
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.tick();
        Path other = folder.write("other.conf", "Remote_SMTP_Port = x\nTSL = no\nHost h { }");
        assertThat(run(
                        new CheckCommand(store, List.of(), FakeStores.none(), FakeStores.DEADLINE),
                        "-c",
                        other.toString()))
                .isEqualTo(3);
        assertThat(printed.lines()).hasSize(4).last().isEqualTo("other.conf is wrong: 2 errors, 1 warning");
        folder.write("other.conf", "Host h { }");
        assertThat(run(
                        new CheckCommand(store, List.of(), FakeStores.none(), FakeStores.DEADLINE),
                        "-c",
                        other.toString()))
                .isZero();
        assertThat(printed).endsWith("other.conf is right: 0 errors, 1 warning\n");
        assertThat(run(
                        new CheckCommand(store, List.of(), FakeStores.none(), FakeStores.DEADLINE),
                        "-c",
                        directory.resolve("none").toString()))
                .isEqualTo(3);
        assertThat(port(service().current())).isEqualTo(1);
        assertThat(heard).hasSize(1);
    }

    @Test
    void letsBundlesLookAtTheirOwnStanzasWhenAFileIsChecked() {
        store.addVocabulary(Words.ofBundles());
        store.tick();
        StanzaCheck ofDatasources = new StanzaCheck() {
            @Override
            public String pid() {
                return Words.DATASOURCE.pid().orElseThrow();
            }

            @Override
            public List<Finding> check(Map<String, ?> properties) {
                assertThat(String.valueOf(properties.get("postern.config.directory")))
                        .isEqualTo(directory.toString());
                boolean bad = Arrays.asList((String[]) properties.get("uri")).contains("bad");
                return List.of(new Finding(bad, "x.lua:3", "looks odd"));
            }
        };
        CheckCommand check = new CheckCommand(store, List.of(ofDatasources), FakeStores.none(), FakeStores.DEADLINE);
        Path other = folder.write(
                "other.conf", "Datasource a { Uri = good }\nDatasource b { Uri = bad }\nESMTP_Listener { }");
        assertThat(run(check, "-c", other.toString())).isEqualTo(3);
        assertThat(printed)
                .contains("x.lua:3: error: looks odd", "x.lua:3: warning: looks odd")
                .endsWith("other.conf is wrong: 1 error, 1 warning\n");
        folder.write("other.conf", "Datasource a { Uri = good }");
        assertThat(run(check, "-c", other.toString())).isZero();
    }

    @Test
    void refusesWrongArguments() {
        folder.write("postern.conf", "");
        for (OperatorCommand command : List.of(
                new CheckCommand(store, List.of(), FakeStores.none(), FakeStores.DEADLINE),
                new ReloadCommand(store),
                new ConfigStatusCommand(store))) {
            assertThat(run(command, "--help")).isZero();
            assertThat(printed).startsWith("usage: ");
            assertThat(run(command, "x", "y", "z")).isEqualTo(2);
        }
        assertThat(run(new CheckCommand(store, List.of(), FakeStores.none(), FakeStores.DEADLINE)))
                .isEqualTo(2);
        assertThat(run(new CheckCommand(store, List.of(), FakeStores.none(), FakeStores.DEADLINE), "-c", "\0"))
                .isEqualTo(2);
        assertThat(framework.services).isEmpty();
    }

    @Test
    void survivesBrokenNeighbours() {
        store.addListener(snapshot -> {
            throw new IllegalStateException("broken");
        });
        store.addVocabulary(Words.of(null, null));
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.tick();
        assertThat(port(service().current())).isEqualTo(1);
        assertThat(heard).hasSize(1);
    }

    @Test
    void keepsTheWordsOfABundleThatIsGone() {
        var words = Words.ofBundles();
        store.addVocabulary(words);
        store.removeVocabulary(words);
        folder.write("postern.conf", "ESMTP_Listener { }");
        store.tick();
        assertThat(framework.services).hasSize(1);
    }

    @Test
    void looksByItselfOnceStarted() throws Exception {
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> !heard.isEmpty());
        folder.replace("postern.conf", "Remote_SMTP_Port = 2");
        await().atMost(Duration.ofSeconds(20)).until(() -> heard.size() == 2 && port(heard.getLast()) == 2);
        store.stop();
        Files.delete(folder.main());
        assertThat(run(new ReloadCommand(store))).isEqualTo(3);
        assertThat(printed).contains("stopping");
    }

    @Test
    void publishesInOrderUnderAStormOfReloads() throws Exception {
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        store.tick();
        CountDownLatch writing = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.submit(() -> {
                    while (writing.getCount() > 0) {
                        store.reload();
                        store.tick();
                        store.status();
                    }
                });
            }
            for (int port = 2; port <= 300; port++) {
                folder.replace("postern.conf", "Remote_SMTP_Port = " + port);
            }
            writing.countDown();
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        store.reload();
        assertThat(port(service().current())).isEqualTo(300);
        assertThat(heard).extracting(SettingsSnapshot::generation).isSorted().doesNotHaveDuplicates();
        assertThat(heard).extracting(ConfigurationStoreTest::port).isSorted();
        assertThat(heard.getLast()).isSameAs(service().current());
    }
}
