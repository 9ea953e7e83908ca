// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** How much is logged; one line per event, on standard error. */
public final class LogLevel {

    private LogLevel() {}

    /** A verb that answers and ends: only what is wrong. */
    public static void quiet(int verbosity) {
        set(verbosity == 0 ? Level.WARN : level(verbosity - 1));
    }

    /** A relay: what happens. */
    public static void normal(int verbosity) {
        set(level(verbosity));
    }

    /** Sends the log to a file instead, which only its owner can read. */
    public static void toFile(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Optional<ConsoleAppender<ILoggingEvent>> console = console(root);
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(root.getLoggerContext());
        appender.setFile(file.toString());
        console.map(OutputStreamAppender::getEncoder).ifPresent(appender::setEncoder);
        appender.start();
        root.addAppender(appender);
        console.ifPresent(root::detachAppender);
    }

    private static Optional<ConsoleAppender<ILoggingEvent>> console(Logger root) {
        return root.getAppender("console") instanceof ConsoleAppender<ILoggingEvent> console
                ? Optional.of(console)
                : Optional.empty();
    }

    private static Level level(int verbosity) {
        return switch (verbosity) {
            case 0 -> Level.INFO;
            case 1 -> Level.DEBUG;
            default -> Level.TRACE;
        };
    }

    private static void set(Level level) {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(level);
        }
    }
}
