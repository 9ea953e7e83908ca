// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Users and their passwords, which may change at any time. Safe for several threads. */
public final class Accounts {

    private final Map<String, byte[]> passwords = new ConcurrentHashMap<>();

    Accounts() {}

    void put(String user, String password) {
        passwords.put(user, password.getBytes(StandardCharsets.UTF_8));
    }

    void remove(String user) {
        passwords.remove(user);
    }

    /** Whether the user exists and has this password, in UTF-8. */
    public boolean matches(String user, byte[] password) {
        byte[] expected = passwords.get(user);
        return expected != null && MessageDigest.isEqual(expected, password);
    }

    /** The user's password in UTF-8, for mechanisms that compute with it. */
    public Optional<byte[]> passwordOf(String user) {
        return Optional.ofNullable(passwords.get(user)).map(byte[]::clone);
    }

    /** How many there are. */
    @Override
    public String toString() {
        return "Accounts[" + passwords.size() + "]";
    }
}
