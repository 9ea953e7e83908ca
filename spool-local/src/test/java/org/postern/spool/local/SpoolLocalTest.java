// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.StanzaType;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.LoggerFactory;

/** The component: where it puts the spool, and what it says when it cannot. */
class SpoolLocalTest {

    @TempDir
    private Path temporary;

    private final List<Spool> offered = new CopyOnWriteArrayList<>();
    private final AtomicInteger takenBack = new AtomicInteger();
    private final AtomicInteger opening = new AtomicInteger();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SpoolLocal.class);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private SpoolLocal open(Map<String, Object> properties, String state) throws IOException {
        return new SpoolLocal(
                properties,
                state,
                new SpoolLocal.Offering() {
                    @Override
                    public SpoolLocal.Offer opening(Path directory) {
                        opening.incrementAndGet();
                        return opening::decrementAndGet;
                    }

                    @Override
                    public SpoolLocal.Offer offer(Spool spool) {
                        offered.add(spool);
                        return takenBack::incrementAndGet;
                    }
                },
                Duration.ofMillis(1));
    }

    @Test
    void worksWithoutAStanza() throws IOException {
        SpoolLocal spool = open(Map.of(), temporary.toString());
        Mail.accept(offered.getLast(), 1, new byte[10]);
        spool.close();
        assertThat(takenBack).hasValue(1);
        assertThat(temporary.resolve("spool").resolve(Names.segment(1))).exists();
    }

    @Test
    void readsEveryOptionOfTheStanza() throws IOException {
        SpoolSettings settings = SpoolSettings.read(
                Map.of(
                        "directory",
                        "mail",
                        "min_free_mb",
                        "7",
                        "max_held",
                        "8",
                        "max_messages",
                        "9",
                        "postern.config.directory",
                        "/etc/postern"),
                "/state");
        assertThat(settings).isEqualTo(new SpoolSettings(Path.of("/etc/postern/mail"), 7, 8, 9));
        assertThat(SpoolSettings.read(Map.of("directory", "/var/mail"), null).directory())
                .isEqualTo(Path.of("/var/mail"));
        assertThat(SpoolSettings.read(Map.of(), "/state"))
                .isEqualTo(new SpoolSettings(
                        Path.of("/state/spool"), SpoolLocalVocabulary.DEFAULT_MIN_FREE_MB, 100_000, Long.MAX_VALUE));
    }

    @Test
    void describesItsStanza() {
        StanzaType stanza = new SpoolLocalVocabulary().stanzas().get(0);
        assertThat(stanza.name()).isEqualTo("Spool_Local");
        assertThat(stanza.pid()).contains("org.postern.spool.local");
        assertThat(stanza.settings())
                .extracting(Setting::name)
                .containsExactly("Directory", "Min_Free_MB", "Max_Held", "Max_Messages");
    }

    @Test
    void saysInOneLineThatThereIsNoDirectory() {
        assertRefused(Map.of(), null, "postern.state");
    }

    @Test
    void saysInOneLineThatTheDirectoryIsInUse() throws IOException {
        SpoolLocal first = open(Map.of(), temporary.toString());
        lines.list.clear();
        assertRefused(Map.of(), temporary.toString(), "in use by process");
        first.close();
    }

    @Test
    void saysInOneLineThatTheDirectoryCannotBeMade() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertRefused(Map.of("directory", file.resolve("spool").toString()), null, file.toString());
    }

    @Test
    void saysInOneLineThatANumberIsNone() {
        assertRefused(Map.of("min_free_mb", "much"), temporary.toString(), "Min_Free_MB");
    }

    @Test
    void followsTheConfigurationWithoutABreak() throws IOException {
        SpoolLocal spool = open(Map.of("directory", temporary.resolve("a").toString()), null);
        lines.list.clear();
        spool.modified(Map.of("directory", temporary.resolve("a").toString(), "min_free_mb", "4294967296"));
        assertThat(lines.list).isEmpty();
        assertThat(offered.getLast().remainingCapacity()).isZero();
        assertThatThrownBy(offered.getLast()::draft).isInstanceOf(SpoolFullException.class);
        spool.modified(Map.of("directory", temporary.resolve("b").toString(), "min_free_mb", "0"));
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage()).contains("takes effect at the next start"));
        Mail.accept(offered.getLast(), 1, new byte[10]);
        assertThat(temporary.resolve("b")).doesNotExist();
        spool.close();
    }

    @Test
    void comesBackWithAllItsMailAfterTheIndexWasLost() throws IOException {
        // Where a directory is, no index can be made; the next life of the spool has to do without a file.
        Files.createDirectories(temporary.resolve("spool").resolve(Names.INDEX).resolve("in the way"));
        SpoolLocal spool = open(Map.of("max_held", "1"), temporary.toString());
        Mail.accept(offered.get(0), 1, new byte[10]);
        Mail.accept(offered.get(0), 1, new byte[20]);
        await().until(() -> offered.size() == 2);

        assertThat(takenBack).hasValue(1);
        assertThat(opening).hasValue(0);
        List<SpooledMessage> handed = new CopyOnWriteArrayList<>();
        offered.get(1).recover(handed::add);
        assertThat(handed).hasSize(1);
        offered.get(1).remove(handed.get(0).id());
        await().until(() -> handed.size() == 2);
        assertThat(offered).hasSize(2);
        spool.close();
        assertThat(takenBack).hasValue(2);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("Max_Held"));
    }

    private void assertRefused(Map<String, Object> properties, String state, String reason) {
        assertThatThrownBy(() -> open(properties, state)).isInstanceOf(IOException.class);
        assertThat(opening).hasValue(0);
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getFormattedMessage()).contains(reason).doesNotContain("\n");
        });
    }
}
