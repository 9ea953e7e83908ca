// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.Validity;
import org.postern.spi.text.Printable;

/** The entries of one state of a vault, by key, their secrets wrapped. Immutable; safe to share between threads. */
final class VaultIndex {

    private static final int LONGEST_SHOWN = 200;

    private final Map<String, Row> rows;
    private final Instant newest;
    private final long generation;

    private VaultIndex(Map<String, Row> rows, Instant newest, long generation) {
        this.rows = Map.copyOf(rows);
        this.newest = newest;
        this.generation = generation;
    }

    /** The password that is to take the place of the present one; the rest stays as it is. */
    private record Next(SecretWrapping.Wrapped password, CredentialVersion version) {}

    /** What a key leads to. */
    private sealed interface Row {

        record Usable(
                String user,
                SecretWrapping.Wrapped password,
                CredentialVersion version,
                Optional<String> mechanism,
                Set<String> hosts,
                Validity validity,
                Optional<Next> next)
                implements Row {

            Optional<Credential> nextCredential() {
                return next.map(coming ->
                        new PasswordCredential(user, coming.password().unwrap(), coming.version(), mechanism, hosts));
            }
        }

        record Useless(String reason) implements Row {}
    }

    static VaultIndex of(VaultDocument document, SecretWrapping wrapping, NextVersions versions) {
        Map<String, Row> rows = new HashMap<>();
        Instant newest = Instant.MIN;
        for (VaultEntry entry : document.entries()) {
            rows.merge(
                    entry.title(),
                    row(entry, wrapping, versions),
                    (one, two) -> new Row.Useless(
                            "has more than one entry " + quoted(entry.title()) + ": rename or delete all but one"));
            newest = latest(newest, entry.modified().orElse(Instant.MIN));
        }
        return new VaultIndex(rows, newest, document.generation());
    }

    private static Instant latest(Instant one, Instant two) {
        return one.isAfter(two) ? one : two;
    }

    private static Row row(VaultEntry entry, SecretWrapping wrapping, NextVersions versions) {
        if (entry.isReference()) {
            return new Row.Useless(
                    "has an entry " + quoted(entry.title())
                            + " that refers to the fields of another entry, which is not followed here: write the values in it");
        }
        try (Secret password = entry.password()) {
            return new Row.Usable(
                    entry.user(),
                    wrapping.wrap(password),
                    entry.version(),
                    entry.mechanism(),
                    entry.hosts(),
                    new Validity(entry.since(), entry.expiry()),
                    next(entry, wrapping, versions));
        }
    }

    private static Optional<Next> next(VaultEntry entry, SecretWrapping wrapping, NextVersions versions) {
        if (!entry.hasNext()) {
            return Optional.empty();
        }
        try (Secret coming = entry.nextPassword().orElseThrow()) {
            return Optional.of(new Next(wrapping.wrap(coming), versions.of(entry.version(), coming)));
        }
    }

    /** Answers for one key at this moment. */
    Lookup answer(String key, Instant now) {
        return switch (rows.get(key)) {
            case null -> new Lookup.NoSuchCredential("the vault has no entry " + quoted(key));
            case Row.Useless useless -> new Lookup.NoSuchCredential("the vault " + useless.reason());
            case Row.Usable usable
            when usable.validity().isOver(now) ->
                new Lookup.NoSuchCredential("the vault's entry " + quoted(key) + " expired on "
                        + usable.validity().expiry().orElseThrow());
            case Row.Usable usable ->
                new Lookup.Found(
                        new PasswordCredential(
                                usable.user(),
                                usable.password().unwrap(),
                                usable.version(),
                                usable.mechanism(),
                                usable.hosts(),
                                usable.validity()),
                        usable.nextCredential());
        };
    }

    /** For each key a text that changes when its answer does, without anything secret. */
    Map<String, String> fingerprints(Instant now) {
        Map<String, String> prints = new HashMap<>();
        rows.forEach((key, row) -> prints.put(
                key,
                switch (row) {
                    case Row.Useless useless -> useless.reason();
                    case Row.Usable usable ->
                        usable.version() + " " + usable.user() + " " + usable.mechanism() + usable.hosts()
                                + usable.validity().isOver(now)
                                + usable.next().map(Next::version);
                }));
        return prints;
    }

    /** How many keys there are. */
    int size() {
        return rows.size();
    }

    /** How often this bundle had written the vault. */
    long generation() {
        return generation;
    }

    /** When the entry changed last that was changed last. */
    Instant newest() {
        return newest;
    }

    private static String quoted(String key) {
        String shown = Printable.whole(key);
        return '"' + (shown.length() > LONGEST_SHOWN ? shown.substring(0, LONGEST_SHOWN) + "…" : shown) + '"';
    }

    /** The number of entries only. */
    @Override
    public String toString() {
        return "VaultIndex[" + rows.size() + " entries]";
    }
}
