// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

/** Where scripts' lines go, secrets masked. */
public interface LogOfScripts {

    /** Something that a script printed. */
    void printed(String line);

    /** Something that is not as it should be: a traceback, a script that cannot be used. Has line ends. */
    void failed(String text);
}
