// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What was found in a {@link ChainedLog}.
 *
 * @param lines how many lines were read until something was wrong, that one included
 * @param begins what the first line says of the one before: empty for the beginning of a chain
 * @param head the hash of the last line that was right
 * @param noted the number of the line with the hash that was asked for; 0 for none, and where the chain has not begun
 * @param wrong what is wrong, as the rest of a sentence that begins with the log; nothing where all is well
 */
@ProviderType
public record ChainVerification(long lines, String begins, String head, Optional<Long> noted, Optional<String> wrong) {

    /**
     * Reads a log from its beginning to its end.
     *
     * @param before the hash that the first line has to name; nothing where any will do
     * @param wanted a hash that is looked for, such as that of the last line as it was noted elsewhere; empty for the
     *     beginning
     * @throws IOException if the file cannot be read
     */
    public static ChainVerification of(Path file, Optional<String> before, Optional<String> wanted) throws IOException {
        String previous = before.orElse("");
        String begins = previous;
        Optional<Long> noted = wanted.filter(String::isEmpty).map(beginning -> 0L);
        long number = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Optional<String> link = ChainedLog.previous(line);
                if (link.isEmpty()) {
                    return broken(number, begins, previous, noted, "is no line of such a log, or is not whole");
                }
                if (number == 1 && before.isEmpty()) {
                    begins = link.get();
                    previous = begins;
                }
                if (!link.get().equals(previous)) {
                    return broken(number, begins, previous, noted, "does not follow from the one before");
                }
                previous = ChainedLog.hash(line);
                noted = wanted.filter(previous::equals).isPresent() ? Optional.of(number) : noted;
            }
        }
        return new ChainVerification(number, begins, previous, noted, Optional.empty());
    }

    private static ChainVerification broken(
            long number, String begins, String head, Optional<Long> noted, String what) {
        return new ChainVerification(
                number, begins, head, noted, Optional.of("was altered: line " + number + " " + what));
    }
}
