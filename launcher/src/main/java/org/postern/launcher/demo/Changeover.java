// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.peer.Accounts;
import org.postern.peer.ServerMechanism;

/** PLAIN (RFC 4616) at a provider who takes an old and a new password for a while, as they do when one is changed. */
final class Changeover implements ServerMechanism {

    private final String user;
    private final Map<String, AtomicInteger> logins = new ConcurrentHashMap<>();

    Changeover(String user, String password) {
        this.user = user;
        allow(password);
    }

    /** Takes this one too. */
    void allow(String password) {
        logins.putIfAbsent(password, new AtomicInteger());
    }

    /** Takes this one no more. */
    void end(String password) {
        logins.remove(password);
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return response -> response.map(this::judge).orElse(new Verdict.Challenge(new byte[0]));
    }

    /** How often somebody came in with this one. */
    int logins(String password) {
        AtomicInteger count = logins.get(password);
        return count == null ? 0 : count.get();
    }

    private Verdict judge(byte[] response) {
        for (Map.Entry<String, AtomicInteger> password : logins.entrySet()) {
            byte[] expected = ("\0" + user + "\0" + password.getKey()).getBytes(StandardCharsets.UTF_8);
            if (Arrays.equals(expected, response)) {
                password.getValue().incrementAndGet();
                return new Verdict.Granted(user);
            }
        }
        return new Verdict.Denied("535 5.7.8 authentication failed");
    }
}
