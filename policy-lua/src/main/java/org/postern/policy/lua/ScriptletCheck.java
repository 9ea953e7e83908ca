// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;
import org.postern.policy.lua.script.Program;
import org.postern.policy.lua.script.ScriptException;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.StanzaCheck;

/** Reads and compiles the scripts that a stanza names, without running them. */
@Component
public final class ScriptletCheck implements StanzaCheck {

    private static final Pattern PLACE = Pattern.compile("(?s)(/[^:]+:\\d+): (.*)");

    @Override
    public String pid() {
        return LuaHooks.PID;
    }

    @Override
    public List<Finding> check(Map<String, ?> properties) {
        try {
            ScriptletConfiguration configuration = ScriptletConfiguration.read(properties);
            List<Finding> findings = new ArrayList<>();
            configuration
                    .sources()
                    .forEach(
                            (name, source) -> check(configuration, name, source).ifPresent(findings::add));
            return findings;
        } catch (InvalidValueException wrong) {
            return List.of(new Finding(true, "", wrong.getMessage()));
        }
    }

    private static Optional<Finding> check(ScriptletConfiguration configuration, String name, String source) {
        try {
            Program.read(configuration.folders(), source);
            return Optional.empty();
        } catch (ScriptException wrong) {
            Matcher placed = PLACE.matcher(wrong.getMessage());
            String script = ScriptletOptions.SCRIPT + " \"" + name + "\": ";
            return Optional.of(
                    placed.matches()
                            ? new Finding(true, placed.group(1), script + placed.group(2))
                            : new Finding(true, "", script + wrong.getMessage()));
        }
    }
}
