// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogLevelTest {

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 9})
    void raisesNothingThatHasALevelOfItsOwn(int verbosity) {
        Logger library = root().getLoggerContext().getLogger("org.example.library");
        Level before = root().getLevel();
        library.setLevel(Level.ERROR);
        try {
            LogLevel.normal(verbosity);
            assertThat(library.isWarnEnabled()).isFalse();
            assertThat(root().isTraceEnabled()).isEqualTo(verbosity >= 2);
        } finally {
            root().setLevel(before);
            library.setLevel(null);
        }
    }

    /** At TRACE it writes down packets, with the rows of an operator's accounts in them. */
    @Test
    void leavesADriversPacketsOutWhateverIsAskedFor() throws Exception {
        LoggerContext shipped = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(shipped);
        configurator.doConfigure(LogLevel.class.getResource("/logback.xml"));
        try {
            shipped.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);
            assertThat(shipped.getLogger("org.mariadb.jdbc.client.socket.impl.PacketReader")
                            .isWarnEnabled())
                    .isFalse();
            assertThat(shipped.getLogger("org.postern.core.delivery").isTraceEnabled())
                    .isTrue();
        } finally {
            shipped.stop();
        }
    }
}
