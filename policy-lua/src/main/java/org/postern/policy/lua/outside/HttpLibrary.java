// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.net.http.HttpClient;
import java.util.function.Supplier;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code msys.http.client}. Redirects are not followed: a header with a credential would go where the answer says. */
final class HttpLibrary {

    private HttpLibrary() {}

    /** Puts it into a state. */
    static void open(LuaState state, Supplier<HttpClient> http) {
        Module.named(state, "msys.http.client")
                .function("new", call -> Values.one(new WebClient(call.state(), http.get())));
    }
}
