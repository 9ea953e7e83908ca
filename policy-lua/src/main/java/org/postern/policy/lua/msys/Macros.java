// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.PaidText;

/** {@code %{vctx_mess:key}}. What names nothing expands to nothing; what is no macro stays. */
final class Macros {

    private static final Pattern MACRO = Pattern.compile("%\\{([A-Za-z_]++):([^}%]++)}");

    private Macros() {}

    static String expand(Arguments call, String text) {
        call.budget().chargeOctets(text.length());
        Matcher macros = MACRO.matcher(text);
        PaidText expanded = new PaidText(call.budget());
        int end = 0;
        while (macros.find()) {
            expanded.append(text.substring(end, macros.start()));
            String value = value(call, macros.group(1), macros.group(2));
            expanded.append(value);
            end = macros.end();
        }
        return expanded.append(text.substring(end)).toString();
    }

    private static String value(Arguments call, String kind, String key) {
        return kind.equals("vctx_mess")
                ? MsysLibrary.currentMessage(call.state())
                        .map(message -> message.variable(call.state(), key))
                        .orElse("")
                : "";
    }
}
