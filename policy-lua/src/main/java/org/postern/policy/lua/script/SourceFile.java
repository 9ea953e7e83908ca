// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.nio.file.Path;
import org.postern.policy.lua.code.Compiler;
import org.postern.policy.lua.run.Prototype;
import org.postern.policy.lua.syntax.SyntaxError;

/**
 * The text of a script.
 *
 * @param path where it is
 * @param text its octets
 */
record SourceFile(Path path, String text) {

    Prototype compile() throws SyntaxError {
        return Compiler.compile(path.toString(), text);
    }
}
