// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;

/** Whether mail of a scope is thrown away. */
enum Blackhole {
    /** It is delivered. */
    OFF,
    /** It fails, and senders are told as of any failure. */
    TOLD,
    /** It fails, and nobody is told. */
    SILENT;

    static Blackhole of(Resolution options) {
        return switch (options.get(OutboundSettings.BLACKHOLE).orThrow()) {
            case "internal" -> SILENT;
            case "false" -> OFF;
            default -> TOLD;
        };
    }

    boolean isSilent() {
        return this == SILENT;
    }
}
