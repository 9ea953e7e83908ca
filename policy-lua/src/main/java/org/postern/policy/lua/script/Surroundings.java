// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.postern.policy.lua.library.Library;
import org.postern.policy.lua.run.Limits;

/**
 * What scripts are run with.
 *
 * @param folders where they are found
 * @param limits of every call
 * @param libraries what they find besides the language's own
 * @param spare how many instances of a script are kept for the next messages
 * @param timeToLive how long an instance is kept that nobody needs
 * @param clock the time
 * @param log takes what scripts print, and what is wrong with them
 */
public record Surroundings(
        ScriptFolders folders,
        Limits limits,
        List<Library> libraries,
        int spare,
        Duration timeToLive,
        Clock clock,
        LogOfScripts log) {

    /** These. */
    public Surroundings {
        libraries = List.copyOf(libraries);
    }
}
