// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** PLAIN (RFC 4616): authorization identity, NUL, user, NUL, password, and nothing after it. */
final class PlainServer implements ServerMechanism {

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return response -> response.map(octets -> judge(accounts, octets)).orElse(new Verdict.Challenge(new byte[0]));
    }

    private static Verdict judge(Accounts accounts, byte[] response) {
        int first = indexOfNul(response, 0);
        int second = first < 0 ? -1 : indexOfNul(response, first + 1);
        if (second < 0 || indexOfNul(response, second + 1) >= 0) {
            return new Verdict.Denied("501 5.5.2 PLAIN has exactly two NULs");
        }
        String user = new String(response, first + 1, second - first - 1, StandardCharsets.UTF_8);
        byte[] password = Arrays.copyOfRange(response, second + 1, response.length);
        return accounts.matches(user, password)
                ? new Verdict.Granted(user)
                : new Verdict.Denied("535 5.7.8 authentication failed");
    }

    private static int indexOfNul(byte[] octets, int from) {
        for (int i = from; i < octets.length; i++) {
            if (octets[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
