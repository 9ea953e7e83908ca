// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.util.Locale;

/** Whether a problem keeps a configuration from being put in force. */
public enum Severity {
    /** It does. */
    ERROR,
    /** It does not, but the operator should know. */
    WARNING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
