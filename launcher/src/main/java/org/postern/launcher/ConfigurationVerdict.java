// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.postern.launcher.container.Verb;

/** What the bundle that reads the configuration says about it. */
final class ConfigurationVerdict {

    private ConfigurationVerdict() {}

    /** What is wrong with the files, line by line; nothing if they are right, or nobody can say yet. */
    static Optional<List<String>> complaints(BundleContext context) {
        return Verb.find(context, "config-status").flatMap(ConfigurationVerdict::complaints);
    }

    private static Optional<List<String>> complaints(Verb status) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        return status.run(List.of(), InputStream.nullInputStream(), print, print) == ExitCode.CONFIGURATION
                ? Optional.of(said.toString(StandardCharsets.UTF_8).lines().toList())
                : Optional.empty();
    }
}
