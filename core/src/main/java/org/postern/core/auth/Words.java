// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Optional;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.Setting;

/** Pieces of the sentences that explain a refusal. */
final class Words {

    private static final int LONGEST = 300;

    private Words() {}

    /** {@code Option at file:line}, or the source in words where there is no file. */
    static String written(Setting<?> setting, Optional<Origin> origin) {
        return setting.name() + origin.map(Words::place).orElse("");
    }

    /** What a plug-in said, on one line and of bearable length: it goes into logs and delivery reports. */
    static String oneLine(String text) {
        String line = String.valueOf(text)
                .replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ")
                .strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static String place(Origin origin) {
        String file = origin.file();
        boolean noFile = file.startsWith("<") && file.endsWith(">");
        return noFile ? " in the " + file.substring(1, file.length() - 1) : " at " + file + ":" + origin.line();
    }
}
