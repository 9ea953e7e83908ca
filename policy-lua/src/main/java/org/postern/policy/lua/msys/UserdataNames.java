// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import org.postern.policy.lua.run.Userdata;

/** What {@code msys.type} calls the objects of this bundle. */
final class UserdataNames {

    private UserdataNames() {}

    static String of(Userdata object) {
        return switch (object) {
            case MessageObject ignored -> "ec_message";
            case StringObject ignored -> "ec_string";
            case CounterObject ignored -> CounterObject.KIND;
            case InertObject inert -> inert.kind();
            default -> "userdata";
        };
    }
}
