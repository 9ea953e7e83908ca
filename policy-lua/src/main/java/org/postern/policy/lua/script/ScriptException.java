// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

/** A script cannot be used, or did not come to its end. The message is for operators, begins with the script, and is masked. */
public final class ScriptException extends Exception {

    private static final long serialVersionUID = 1;

    ScriptException(String message) {
        super(message, null, false, false);
    }
}
