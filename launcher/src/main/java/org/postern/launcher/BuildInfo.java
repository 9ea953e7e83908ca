// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build knew. */
public final class BuildInfo {

    /** Postern's version. */
    public static final String VERSION;

    /** The version of the logging interface on the class path. */
    public static final String SLF4J_VERSION;

    static {
        Properties build = read();
        VERSION = build.getProperty("version");
        SLF4J_VERSION = build.getProperty("slf4j");
    }

    private BuildInfo() {}

    private static Properties read() {
        try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
