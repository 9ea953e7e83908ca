// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Keeps the errors that bundles log while the relay starts. A bundle that cannot do its work (a port taken, a spool
 * locked) says so in the log and tries again; an operator who has just typed a command wants to be told, and to have
 * the command end.
 */
public final class StartErrors extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Logger root;

    private StartErrors(Logger root) {
        this.root = root;
    }

    /** Begins to listen to the log. */
    public static StartErrors watch() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        StartErrors errors = new StartErrors(root);
        errors.setContext(root.getLoggerContext());
        errors.start();
        root.addAppender(errors);
        return errors;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            messages.add(event.getFormattedMessage());
        }
    }

    /** What was logged so far. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
