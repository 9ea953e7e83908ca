// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Everything that is logged, down to TRACE, by whomever. */
final class LogCapture implements AutoCloseable {

    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();

    LogCapture() {
        events.start();
        root.setLevel(Level.TRACE);
        root.addAppender(events);
    }

    String text() {
        synchronized (root) {
            return events.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
        }
    }

    @Override
    public void close() {
        root.detachAppender(events);
        root.setLevel(before);
    }
}
