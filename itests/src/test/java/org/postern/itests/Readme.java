// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands of a page of documentation, in the order in which a reader types them. */
record Readme(Path page) {

    private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

    /** All of them as one script, which shows what it does. */
    String script() throws IOException {
        return "set -eux\n"
                + COMMANDS.matcher(Files.readString(page))
                        .results()
                        .map(block -> block.group(1))
                        .collect(Collectors.joining());
    }
}
