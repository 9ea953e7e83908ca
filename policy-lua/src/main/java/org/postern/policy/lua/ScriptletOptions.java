// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.time.Duration;
import java.util.List;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;

/** The options of {@code scriptlet} and of {@code script} inside it. */
final class ScriptletOptions {

    static final String STANZA = "scriptlet";
    static final String SCRIPT = "script";

    static final Setting<String> SOURCE = Setting.of(
            "Source", SettingType.TEXT, "The script: its name with dots for folders, without .lua, or its path.");

    static final Setting<List<String>> FOLDERS = Setting.of(
            "Script_Folders",
            SettingType.WORDS,
            "Folders that scripts are looked for in, after that of the configuration file and its scriptlets folder.");

    static final Setting<List<String>> READ_FOLDERS = Setting.of(
            "Read_Folders",
            SettingType.WORDS,
            "Folders whose files scripts may read, besides that of the configuration file.");

    static final Setting<Long> INSTRUCTION_LIMIT = Setting.of(
            "Instruction_Limit",
            SettingType.integer(1_000, 1_000_000_000_000L),
            10_000_000L,
            "Operations of the language that one call of a script may take.");

    static final Setting<Long> MEMORY_LIMIT = Setting.of(
            "Memory_Limit",
            SettingType.integer(1 << 20, 1L << 32),
            16_777_216L,
            "Octets that one instance of a script may hold.");

    static final Setting<Duration> SCRIPT_TTL = Setting.of(
            "Script_TTL",
            SettingType.seconds(1, 31_536_000),
            Duration.ofSeconds(300),
            "Seconds that an instance of a script is kept without being used.");

    static final Setting<Long> MAX_SPARE = Setting.of(
            "Max_Spare_Per_Master",
            SettingType.integer(0, 100_000),
            5_000L,
            "Instances of one script that are kept without being used.");

    static final Setting<Boolean> ALWAYS_GC =
            Setting.of("Always_GC", SettingType.BOOLEAN, false, "Accepted; Java collects its garbage by itself.");

    static final Setting<Long> GC_PAUSE = Setting.of(
            "GC_Pause", SettingType.integer(0, 100_000), 200L, "Accepted; Java collects its garbage by itself.");

    static final Setting<Long> GC_STEPMUL = Setting.of(
            "GC_Stepmul", SettingType.integer(0, 100_000), 200L, "Accepted; Java collects its garbage by itself.");

    static final Setting<Long> REAP_INTERVAL = Setting.of(
            "Reap_Interval",
            SettingType.integer(0, 86_400),
            1L,
            "Accepted; instances are looked at whenever one is given back.");

    static final Setting<Boolean> ENABLED =
            Setting.of("Enabled", SettingType.BOOLEAN, true, "Whether the scripts are run.");

    static final Setting<String> DEBUG_LEVEL =
            Setting.of("Debug_Level", SettingType.TEXT, "ERROR", "Accepted; the log has its own levels.");

    private ScriptletOptions() {}

    static Setting<?>[] all() {
        return new Setting<?>[] {
            FOLDERS,
            READ_FOLDERS,
            INSTRUCTION_LIMIT,
            MEMORY_LIMIT,
            SCRIPT_TTL,
            MAX_SPARE,
            ALWAYS_GC,
            GC_PAUSE,
            GC_STEPMUL,
            REAP_INTERVAL,
            ENABLED,
            DEBUG_LEVEL
        };
    }
}
