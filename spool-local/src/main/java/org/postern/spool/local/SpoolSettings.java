// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.postern.spi.settings.Setting;

/**
 * What the stanza says, or what holds without one.
 *
 * @param directory where the spool is
 * @param minFreeMb what must be left on the disk, in MB
 * @param maxHeld how many are held in memory
 * @param maxMessages how many may wait
 */
record SpoolSettings(Path directory, long minFreeMb, int maxHeld, long maxMessages) {

    /** The framework property that names the directory of everything that outlives a run. */
    static final String STATE = "postern.state";

    private static final String CONFIG_DIRECTORY = "postern.config.directory";

    /** @throws IOException if there is no telling where the spool is to be, or a value has another form */
    static SpoolSettings read(Map<String, Object> properties, String state) throws IOException {
        long maxMessages = number(SpoolLocalVocabulary.MAX_MESSAGES, properties);
        return new SpoolSettings(
                directory(properties, state),
                number(SpoolLocalVocabulary.MIN_FREE_MB, properties),
                Math.clamp(number(SpoolLocalVocabulary.MAX_HELD, properties), 1, Integer.MAX_VALUE),
                maxMessages > 0 ? maxMessages : Long.MAX_VALUE);
    }

    private static Path directory(Map<String, Object> properties, String state) throws IOException {
        Object written = properties.get(SpoolLocalVocabulary.DIRECTORY.key());
        if (written != null && !written.toString().isEmpty()) {
            Object base = properties.get(CONFIG_DIRECTORY);
            return Path.of(base == null ? "" : base.toString()).resolve(written.toString());
        }
        if (state == null || state.isEmpty()) {
            throw new IOException("there is neither a Directory in Spool_Local nor the framework property " + STATE);
        }
        return Path.of(state, "spool");
    }

    private static long number(Setting<Long> option, Map<String, Object> properties) throws IOException {
        Object written = properties.get(option.key());
        if (written == null) {
            return option.defaultValue().orElseThrow();
        }
        try {
            return Math.max(0, Long.parseLong(written.toString().trim()));
        } catch (NumberFormatException notANumber) {
            throw new IOException(option.name() + " is not a number: " + written, notANumber);
        }
    }
}
