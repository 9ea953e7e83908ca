// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.Datasources;
import org.postern.policy.lua.msys.CounterLibrary;
import org.postern.policy.lua.msys.Counters;
import org.postern.policy.lua.msys.MessageLibrary;
import org.postern.policy.lua.msys.MsysLibrary;
import org.postern.policy.lua.outside.Libraries;
import org.postern.policy.lua.outside.ReadableFolders;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;

/** The page on scripts names every function that a script can reach, and no other. */
class LuaPageTest {

    private static final Pattern NAME = Pattern.compile("`([A-Za-z_][A-Za-z0-9_.:]*)(?:\\([^`]*\\))?`");

    private static Set<String> described() throws IOException {
        Set<String> names = new TreeSet<>();
        boolean inside = false;
        for (String line : LuaPage.read().lines().toList()) {
            inside = line.startsWith("|") && (inside || line.startsWith("| function |"));
            if (inside) {
                NAME.matcher(line.split("\\|")[1]).results().forEach(found -> names.add(found.group(1)));
            }
        }
        return names;
    }

    private static Set<String> offered() {
        LuaState state = Lua.state();
        MsysLibrary.open(state, new ConfigurationOfScopes(), Clock.systemUTC());
        MessageLibrary.open(state);
        CounterLibrary.open(state, new Counters());
        Libraries outside = new Libraries(new Datasources(), new Consultations());
        outside.open(state, new ReadableFolders(List.of()));
        outside.close();
        Set<String> names = new TreeSet<>();
        collect(state, state.globals(), "", names);
        collect(state, (LuaTable) state.registry().get("message"), "msg:", names);
        return names;
    }

    private static void collect(LuaState state, LuaTable table, String prefix, Set<String> names) {
        for (Object[] entry = table.next(null); entry != null; entry = table.next(entry[0])) {
            String name = prefix + state.toText(entry[0]);
            if (entry[1] instanceof LuaFunction) {
                names.add(name);
            } else if (entry[1] instanceof LuaTable inner && inner != table && !name.equals("package.loaded")) {
                collect(state, inner, name + ".", names);
            }
        }
    }

    @Test
    void namesEveryFunctionAndNoOther() throws IOException {
        assertThat(described()).isEqualTo(offered());
    }
}
