// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.peer.Accounts;
import org.postern.peer.ServerMechanism;

/** PLAIN (RFC 4616) at a provider who takes an old and a new password while one is being changed. */
final class TwoPasswords implements ServerMechanism {

    private final String user;
    private final Set<String> good = ConcurrentHashMap.newKeySet();
    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    TwoPasswords(String user, String password) {
        this.user = user;
        good.add(password);
    }

    void allow(String password) {
        good.add(password);
    }

    void refuse(String password) {
        good.remove(password);
    }

    /** Whether somebody came in with this one. */
    boolean wasShown(String password) {
        return shown.contains(password);
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return response -> response.map(this::judge).orElse(new Verdict.Challenge(new byte[0]));
    }

    private Verdict judge(byte[] response) {
        for (String password : good) {
            byte[] expected = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
            if (Arrays.equals(expected, response)) {
                shown.add(password);
                return new Verdict.Granted(user);
            }
        }
        return new Verdict.Denied("535 5.7.8 authentication failed");
    }
}
