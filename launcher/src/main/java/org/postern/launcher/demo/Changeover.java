// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.postern.peer.Accounts;
import org.postern.peer.ServerMechanism;

/** PLAIN (RFC 4616) at a provider who takes an old and a new password for a while, as they do when one is changed. */
final class Changeover implements ServerMechanism {

    private final String user;
    private final Set<String> passwords = new CopyOnWriteArraySet<>();

    Changeover(String user, String password) {
        this.user = user;
        passwords.add(password);
    }

    /** Takes this one too. */
    void allow(String password) {
        passwords.add(password);
    }

    /** Takes this one no more. */
    void end(String password) {
        passwords.remove(password);
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
        boolean right = passwords.stream()
                .map(password -> ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8))
                .anyMatch(expected -> Arrays.equals(expected, response));
        return right ? new Verdict.Granted(user) : new Verdict.Denied("535 5.7.8 authentication failed");
    }
}
