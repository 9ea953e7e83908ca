// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import java.util.Base64;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

/** {@code msys.base64} (RFC 4648 section 4). */
public final class Base64Library {

    private Base64Library() {}

    /** Puts it into a state. */
    public static void open(LuaState state) {
        Module.named(state, "msys.base64")
                .function("encode", Base64Library::encode)
                .function("decode", Base64Library::decode);
    }

    private static Object[] encode(Arguments call) {
        byte[] octets = octets(call);
        call.budget().allocate(octets.length * 2L);
        return Values.one(
                call.state().string(Values.fromOctets(Base64.getEncoder().encode(octets))));
    }

    /** What is not base64 gives nil and a message; line ends are passed over, as encoders break lines. */
    private static Object[] decode(Arguments call) {
        String text = call.string(1).replaceAll("[\\r\\n]", "");
        call.budget().chargeOctets(text.length());
        try {
            return Values.one(
                    call.state().string(Values.fromOctets(Base64.getDecoder().decode(Values.toOctets(text)))));
        } catch (IllegalArgumentException notBase64) {
            return new Object[] {null, "not base64"};
        }
    }

    private static byte[] octets(Arguments call) {
        String text = call.string(1);
        call.budget().chargeOctets(text.length());
        return Values.toOctets(text);
    }
}
