// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The hash of the last line of a log, as it was noted in a file beside it. */
final class AuditHead {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private AuditHead() {}

    static String name(Path log) {
        return log.getFileName() + ".head";
    }

    /** Nothing if none was noted. */
    static Optional<String> of(Path log) throws IOException {
        Path file = log.resolveSibling(name(log));
        if (!Files.exists(file) || Files.size(file) > 1_000) {
            return Optional.empty();
        }
        String written = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        return HASH.matcher(written).matches() ? Optional.of(written) : Optional.empty();
    }
}
