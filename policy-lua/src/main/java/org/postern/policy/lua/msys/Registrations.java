// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;

/** The modules that a state's script has registered, in order. Hangs on the state. */
public final class Registrations {

    /** The delivery hook, under the name that it has had since the first release and the one of the older module. */
    public static final Set<String> AUTHENTICATION =
            Set.of("outbound_smtp_auth_config", "outbound_smtp_auth_v0_config");

    /** The callout that chooses a binding. */
    public static final String BINDING = "validate_set_binding";

    private final Map<String, LuaTable> modules = new LinkedHashMap<>();

    void add(String name, LuaTable module) {
        modules.put(name, module);
    }

    /** Module tables by the names that they were registered under. */
    public Map<String, LuaTable> modules() {
        return modules;
    }

    /** Whether any module has one of these functions. */
    public boolean have(LuaState state, Set<String> functions) {
        return modules.values().stream()
                .anyMatch(module -> functions.stream().anyMatch(name -> function(state, module, name) != null));
    }

    /** A module's function of this name, or null. */
    public static LuaFunction function(LuaState state, LuaTable module, String name) {
        return state.metamethods().index(module, name, () -> "") instanceof LuaFunction function ? function : null;
    }
}
