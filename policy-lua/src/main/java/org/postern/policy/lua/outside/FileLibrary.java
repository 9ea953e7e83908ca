// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.io.IOException;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code msys.readfile}. */
final class FileLibrary {

    private final ReadableFolders folders;

    private FileLibrary(ReadableFolders folders) {
        this.folders = folders;
    }

    /** Puts it into a state. */
    static void open(LuaState state, ReadableFolders folders) {
        Module.named(state, "msys").function("readfile", new FileLibrary(folders)::read);
    }

    private Object[] read(Arguments call) {
        String name = call.text(1);
        call.budget().allocate(ReadableFolders.MOST_OCTETS);
        try {
            byte[] content = folders.read(name);
            return Values.one(call.state().string(Values.fromOctets(content)));
        } catch (IOException refused) {
            return new Object[] {null, call.state().string(Values.fromText(refused.getMessage()))};
        }
    }
}
