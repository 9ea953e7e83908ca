// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page on scripts. */
final class LuaPage {

    private LuaPage() {}

    static String read() throws IOException {
        return Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "lua.md"));
    }
}
