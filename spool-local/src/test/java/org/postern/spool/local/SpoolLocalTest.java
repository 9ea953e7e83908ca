// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.StanzaType;
import org.postern.spi.spool.SpoolFullException;
import org.slf4j.LoggerFactory;

/** The component: where it puts the spool, and what it says when it cannot. */
class SpoolLocalTest {

    @TempDir
    private Path temporary;

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

    @Test
    void worksWithoutAStanza() throws IOException {
        SpoolLocal spool = new SpoolLocal(Map.of(), temporary.toString());
        Mail.accept(spool, 1, new byte[10]);
        spool.close();
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
                        "max_messages",
                        "9",
                        "postern.config.directory",
                        "/etc/postern"),
                "/state");
        assertThat(settings).isEqualTo(new SpoolSettings(Path.of("/etc/postern/mail"), 7, 9));
        assertThat(SpoolSettings.read(Map.of("directory", "/var/mail"), null).directory())
                .isEqualTo(Path.of("/var/mail"));
        assertThat(SpoolSettings.read(Map.of(), "/state"))
                .isEqualTo(new SpoolSettings(
                        Path.of("/state/spool"),
                        SpoolLocalVocabulary.DEFAULT_MIN_FREE_MB,
                        Runtime.getRuntime().maxMemory() / 700));
    }

    @Test
    void describesItsStanza() {
        StanzaType stanza = new SpoolLocalVocabulary().stanzas().get(0);
        assertThat(stanza.name()).isEqualTo("Spool_Local");
        assertThat(stanza.pid()).contains("org.postern.spool.local");
        assertThat(stanza.settings())
                .extracting(Setting::name)
                .containsExactly("Directory", "Min_Free_MB", "Max_Messages");
    }

    @Test
    void saysInOneLineThatThereIsNoDirectory() {
        assertRefused(Map.of(), null, "postern.state");
    }

    @Test
    void saysInOneLineThatTheDirectoryIsInUse() throws IOException {
        SpoolLocal first = new SpoolLocal(Map.of(), temporary.toString());
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
        SpoolLocal spool =
                new SpoolLocal(Map.of("directory", temporary.resolve("a").toString()), null);
        lines.list.clear();
        spool.modified(Map.of("directory", temporary.resolve("a").toString(), "min_free_mb", "4294967296"));
        assertThat(lines.list).isEmpty();
        assertThat(spool.remainingCapacity()).isZero();
        assertThatThrownBy(spool::draft).isInstanceOf(SpoolFullException.class);
        spool.modified(Map.of("directory", temporary.resolve("b").toString(), "min_free_mb", "0"));
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage()).contains("takes effect at the next start"));
        Mail.accept(spool, 1, new byte[10]);
        assertThat(temporary.resolve("b")).doesNotExist();
        spool.close();
    }

    private void assertRefused(Map<String, Object> properties, String state, String reason) {
        assertThatThrownBy(() -> new SpoolLocal(properties, state)).isInstanceOf(IOException.class);
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getFormattedMessage()).contains(reason).doesNotContain("\n");
        });
    }
}
