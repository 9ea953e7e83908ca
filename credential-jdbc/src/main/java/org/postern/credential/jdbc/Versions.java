// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;

/**
 * The versions of what was answered last to each question. A state that has not changed keeps its version, also when the
 * password that was the next one becomes the present one. A new state has the version that the table says, unless the
 * table says the same as for another state: somebody has changed the password and not the version.
 *
 * <p>Threading: any thread.
 */
final class Versions {

    /** Questions that are remembered. */
    static final int MOST = 10_000;

    private final Map<CredentialRef, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    /** Numbers of another start of this bundle must not be taken for ours. */
    private final String prefix = prefix();

    private long count;

    /**
     * Versions of the states that one question was answered with last.
     *
     * @param byPrint for each user and password
     * @param said the version of the table that was given out last
     */
    private record Known(Map<Octets, CredentialVersion> byPrint, Optional<String> said) {}

    /**
     * What an account is to be told by.
     *
     * @param current of the present password
     * @param next of the next one
     */
    record Pair(CredentialVersion current, Optional<CredentialVersion> next) {}

    synchronized Pair of(CredentialRef question, Answer.Account account) {
        Known before = known.getOrDefault(question, new Known(Map.of(), Optional.empty()));
        CredentialVersion current = Optional.ofNullable(
                        before.byPrint().get(account.current().print()))
                .orElseGet(() -> fresh(account, before));
        Map<Octets, CredentialVersion> now =
                new HashMap<>(Map.of(account.current().print(), current));
        Optional<CredentialVersion> next = account.next()
                .map(Answer.Marked::print)
                .map(print -> now.computeIfAbsent(
                        print, added -> before.byPrint().getOrDefault(added, counted(account.version()))));
        known.put(question, new Known(now, account.version()));
        if (known.size() > MOST) {
            known.remove(known.keySet().iterator().next());
        }
        return new Pair(current, next);
    }

    private CredentialVersion fresh(Answer.Account account, Known before) {
        return account.version().isPresent() && !account.version().equals(before.said())
                ? new CredentialVersion(account.version().get())
                : counted(account.version());
    }

    private CredentialVersion counted(Optional<String> said) {
        count++;
        return new CredentialVersion(said.map(version -> version + "+").orElse("") + prefix + count);
    }

    private static String prefix() {
        byte[] octets = new byte[4];
        new SecureRandom().nextBytes(octets);
        return HexFormat.of().formatHex(octets) + "-";
    }
}
