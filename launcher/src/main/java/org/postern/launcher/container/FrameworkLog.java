// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import org.apache.felix.framework.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Sends what the framework has to say to the one log. */
final class FrameworkLog extends Logger {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("org.apache.felix.framework");

    // The method that is overridden has the raw type.
    @Override
    @SuppressWarnings("rawtypes")
    protected void doLog(Bundle bundle, ServiceReference service, int level, String message, Throwable throwable) {
        String subject = bundle == null ? "" : bundle + ": ";
        LOG.atLevel(level(level)).setCause(throwable).log(subject + message);
    }

    private static Level level(int felix) {
        return switch (felix) {
            case LOG_ERROR -> Level.ERROR;
            case LOG_WARNING -> Level.WARN;
            case LOG_INFO -> Level.INFO;
            default -> Level.DEBUG;
        };
    }
}
