// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.policy.lua.outside.ReadableFolders;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.script.ScriptFolders;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.Setting;

/**
 * What a {@code scriptlet} stanza asks for.
 *
 * @param sources the sources of scripts by the names of their stanzas, in the order of the file
 * @param folders where they are looked for
 * @param readable whose files they may read
 * @param limits of every call
 * @param spare how many instances of a script are kept
 * @param timeToLive how long
 * @param enabled whether anything is to be run
 */
record ScriptletConfiguration(
        Map<String, String> sources,
        ScriptFolders folders,
        ReadableFolders readable,
        Limits limits,
        int spare,
        Duration timeToLive,
        boolean enabled) {

    private static final String DIRECTORY = "postern.config.directory";
    private static final String BESIDE_THE_CONFIGURATION = "scriptlets";

    /** No hook may take longer, whatever {@code Outbound_SMTP_AUTH_Hook_Timeout} says. */
    private static final Duration LONGEST = Duration.ofHours(1);

    /** @throws InvalidValueException if a value has another form than its option */
    static ScriptletConfiguration read(Map<String, ?> properties) throws InvalidValueException {
        return new ScriptletConfiguration(
                sources(properties),
                new ScriptFolders(folders(properties, ScriptletOptions.FOLDERS, BESIDE_THE_CONFIGURATION)),
                new ReadableFolders(folders(properties, ScriptletOptions.READ_FOLDERS)),
                new Limits(
                        value(properties, ScriptletOptions.INSTRUCTION_LIMIT),
                        value(properties, ScriptletOptions.MEMORY_LIMIT),
                        LONGEST),
                value(properties, ScriptletOptions.MAX_SPARE).intValue(),
                value(properties, ScriptletOptions.SCRIPT_TTL),
                value(properties, ScriptletOptions.ENABLED));
    }

    private static Map<String, String> sources(Map<String, ?> properties) {
        Map<String, String> sources = new LinkedHashMap<>();
        for (String name : words(properties.get(ScriptletOptions.SCRIPT))) {
            Object source = properties.get(ScriptletOptions.SCRIPT + "/" + name + "/" + ScriptletOptions.SOURCE.key());
            sources.put(name, source == null ? "" : source.toString());
        }
        return sources;
    }

    private static List<String> words(Object value) {
        return switch (value) {
            case String[] several -> List.of(several);
            case String one -> List.of(one);
            case null, default -> List.of();
        };
    }

    /** The folder of the configuration file, and then these, those that the option names last. */
    private static List<Path> folders(Map<String, ?> properties, Setting<List<String>> option, String... inside)
            throws InvalidValueException {
        Object home = properties.get(DIRECTORY);
        if (home == null) {
            throw new InvalidValueException("there is no " + DIRECTORY + " to start from");
        }
        try {
            Path directory = Path.of(home.toString());
            List<Path> folders = new ArrayList<>(List.of(directory));
            List.of(inside).forEach(folder -> folders.add(directory.resolve(folder)));
            words(properties.get(option.key())).forEach(folder -> folders.add(directory.resolve(folder)));
            return folders;
        } catch (InvalidPathException notAPath) {
            throw new InvalidValueException(option + " names no folder: " + notAPath.getReason());
        }
    }

    private static <T> T value(Map<String, ?> properties, Setting<T> setting) throws InvalidValueException {
        Object raw = properties.get(setting.key());
        if (raw == null) {
            return setting.defaultValue().orElseThrow();
        }
        RawValue value = raw instanceof String[] items
                ? new RawValue.Array(List.of(items))
                : new RawValue.Scalar(raw.toString());
        return setting.read(value).orElseThrow();
    }
}
