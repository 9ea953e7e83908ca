// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The threads of this process, virtual ones too, which the JDK shows only in a dump. */
final class LiveThreads {

    private static final Pattern NAME = Pattern.compile("\"name\": \"([^\"]*)\"");

    private LiveThreads() {}

    /** How many of Postern's own there are, by name; numbers in names do not matter. */
    static Map<String, Integer> ofPostern(Path scratch) {
        Map<String, Integer> counts = new TreeMap<>();
        Matcher names = NAME.matcher(dump(scratch));
        while (names.find()) {
            String name = names.group(1).replaceAll("[0-9]+", "#");
            if (name.startsWith("postern-") || name.startsWith("smtp-")) {
                counts.merge(name, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Names, stacks and groups of all, as the JDK writes them. */
    static String dump(Path scratch) {
        try {
            Path file = scratch.resolve("threads.json");
            Files.deleteIfExists(file);
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                            "dumpThreads",
                            new Object[] {file.toAbsolutePath().toString(), "JSON"},
                            new String[] {String.class.getName(), String.class.getName()});
            String dump = Files.readString(file);
            Files.delete(file);
            return dump;
        } catch (IOException | JMException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
