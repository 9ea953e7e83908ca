// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;
import org.postern.credential.vault.kdbx.Kdbx;
import org.postern.spi.credential.Secret;

/** Adds an entry or gives one a new secret; the old one goes into its history. */
final class SetVerb implements Verb {

    private static final String USER = "--user";
    private static final String MECHANISM = "--mechanism";
    private static final String HOST = "--host";
    private static final String EXPIRES = "--expires";
    private static final String NOTE = "--note";

    @Override
    public Set<String> valued() {
        return Set.of(USER, MECHANISM, HOST, EXPIRES, NOTE);
    }

    @Override
    public String help() {
        return """
                Usage: postern vault set KEY --user USER [--mechanism NAME] [--host NAME]... [--expires DATE]
                                         [--note TEXT]

                Adds the entry KEY, or gives it a new secret. The secret is typed, or is the first line of standard
                input; it is never an argument. What Outbound_SMTP_AUTH_Key names is KEY.

                  --user USER            the user name (may be left out for an entry that is there)
                  --mechanism NAME       the AUTH mechanism to use ("" to name none again)
                  --host NAME            a host name that the secret may be shown to, once for each
                                         ("" to lift the limit again)
                  --expires DATE         the day from whose beginning (UTC) the entry is refused, such as
                                         2027-01-31, or "never"
                  --note TEXT            what you want to remember about it; no place for a secret
                %s
                An entry that is there keeps what is not mentioned; its last 10 states stay in its history.
                """.formatted(VaultChoice.HELP);
    }

    /** What the arguments ask for; nothing means "as it was". */
    private record Wish(
            String key,
            Optional<String> user,
            Optional<String> mechanism,
            Optional<Set<String>> hosts,
            Optional<Optional<Instant>> expiry,
            Optional<String> note) {}

    @Override
    public void run(Call call) throws UsageException, IOException {
        Wish wish = wish(call.arguments());
        Instant now = call.clock().instant();
        try (Secret secret = SecretInput.readNew("Secret for " + wish.key(), call.in())) {
            String done = call.vault()
                    .change(Change.of("set", wish.key(), now), document -> set(document, wish, secret, now));
            call.out().println(done);
        }
    }

    private static Wish wish(Arguments arguments) throws UsageException {
        Optional<String> expires = arguments.one(EXPIRES);
        return new Wish(
                text("the key", arguments.operand("key")),
                optionalText(arguments, USER),
                optionalText(arguments, MECHANISM),
                arguments.has(HOST) ? Optional.of(hosts(arguments.all(HOST))) : Optional.empty(),
                expires.isPresent() ? Optional.of(expiry(expires.get())) : Optional.empty(),
                optionalText(arguments, NOTE));
    }

    private static Optional<String> optionalText(Arguments arguments, String option) throws UsageException {
        Optional<String> value = arguments.one(option);
        return value.isPresent() ? Optional.of(text(option, value.get())) : value;
    }

    private static String text(String what, String value) throws UsageException {
        if (!Kdbx.canCarry(value) || value.codePoints().anyMatch(Character::isISOControl)) {
            throw new UsageException(what + " has a control character in it");
        }
        if (what.equals("the key") && value.isBlank()) {
            throw new UsageException("the key is empty");
        }
        return value;
    }

    private static Set<String> hosts(List<String> given) throws UsageException {
        Set<String> hosts = new TreeSet<>();
        for (String host : given) {
            if (host.codePoints().anyMatch(point -> Character.isWhitespace(point) || point == ',' || point == ';')) {
                throw new UsageException(HOST + " takes one host name; give it once for each");
            }
            if (!text(HOST, host).isEmpty()) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    private static Optional<Instant> expiry(String text) throws UsageException {
        try {
            return text.equals("never")
                    ? Optional.empty()
                    : Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeException noDate) {
            throw new UsageException(EXPIRES + " takes a date such as 2027-01-31, or never");
        }
    }

    private static String set(VaultDocument document, Wish wish, Secret secret, Instant now) throws IOException {
        Optional<VaultEntry> found = OneEntry.find(document, wish.key());
        return found.isEmpty() ? add(document, wish, secret, now) : renew(found.get(), wish, secret, now);
    }

    private static String add(VaultDocument document, Wish wish, Secret secret, Instant now) throws IOException {
        String user = wish.user()
                .orElseThrow(() ->
                        new IOException("the vault has no entry \"" + wish.key() + "\": to add it, name its --user"));
        VaultEntry entry = document.add(wish.key(), now);
        entry.user(user);
        fill(entry, wish, secret);
        return "Added \"" + wish.key() + "\" for user \"" + user + "\".";
    }

    private static String renew(VaultEntry entry, Wish wish, Secret secret, Instant now) throws IOException {
        if (wish.expiry().isEmpty()
                && entry.expiry().filter(end -> !end.isAfter(now)).isPresent()) {
            throw new IOException("the entry \"" + wish.key() + "\" expired on "
                    + entry.expiry().orElseThrow() + ": say with --expires when the new secret ends");
        }
        entry.remember(now);
        wish.user().ifPresent(entry::user);
        fill(entry, wish, secret);
        return "Changed \"" + wish.key() + "\" for user \"" + entry.user() + "\"; the history holds " + entry.history()
                + (entry.history() == 1 ? " earlier state." : " earlier states.");
    }

    private static void fill(VaultEntry entry, Wish wish, Secret secret) {
        entry.password(secret);
        wish.mechanism().ifPresent(entry::mechanism);
        wish.hosts().ifPresent(entry::hosts);
        wish.expiry().ifPresent(entry::expiry);
        wish.note().ifPresent(entry::note);
    }
}
