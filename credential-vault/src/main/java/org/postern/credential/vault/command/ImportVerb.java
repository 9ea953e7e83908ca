// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;
import org.postern.credential.vault.kdbx.ClearXml;
import org.postern.credential.vault.kdbx.Element;
import org.postern.credential.vault.kdbx.UnreadableVaultException;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Takes entries from an export, all of them or none. */
final class ImportVerb implements Verb {

    private static final String FROM = "--from";
    private static final String REPLACE = "--replace";
    private static final int LARGEST = 32 * 1024 * 1024;

    @Override
    public Set<String> valued() {
        return Set.of(FROM);
    }

    @Override
    public Set<String> flags() {
        return Set.of(REPLACE);
    }

    @Override
    public String help() {
        return """
                Usage: postern vault import [--from FILE] [--replace]

                Takes the entries of a KeePass XML export, such as KeePassXC's or that of "postern vault export": title,
                user, secret, mechanism, hosts, expiry and note. Entries that are there and differ are left as they are
                and named. All is taken or nothing.

                  --from FILE            the export (default: standard input)
                  --replace              give entries that are there and differ the imported state instead; the old one
                                         goes into their history
                %s""".formatted(VaultChoice.HELP);
    }

    /** What became of the entries. */
    private record Tally(List<String> added, List<String> changed, List<String> left) {

        Tally() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        call.arguments().noOperands();
        Optional<Path> from = call.arguments().one(FROM).map(Path::of);
        String source = from.map(Path::toString).orElse("standard input");
        byte[] xml = octets(from, call.in(), source);
        try (Element root = parse(xml, source)) {
            List<VaultEntry> imported = new VaultDocument(root).entries();
            List<String> keys = keys(imported, source);
            Instant now = call.clock().instant();
            boolean replace = call.arguments().has(REPLACE);
            report(
                    call,
                    call.vault()
                            .change(
                                    Change.of("import", keys, now),
                                    document -> merge(imported, document, replace, now)));
        } finally {
            Arrays.fill(xml, (byte) 0);
        }
    }

    private static byte[] octets(Optional<Path> from, InputStream in, String source) throws IOException {
        try (InputStream export = from.isPresent() ? Files.newInputStream(from.get()) : in) {
            byte[] octets = export.readNBytes(LARGEST + 1);
            if (octets.length > LARGEST) {
                throw new IOException(source + " is larger than " + LARGEST + " octets");
            }
            return octets;
        }
    }

    private static Element parse(byte[] xml, String source) throws IOException {
        try {
            return ClearXml.read(xml);
        } catch (UnreadableVaultException malformed) {
            throw new IOException(source + " " + malformed.getMessage());
        }
    }

    private static List<String> keys(List<VaultEntry> imported, String source) throws IOException {
        Set<String> seen = new HashSet<>();
        for (VaultEntry entry : imported) {
            if (entry.title().isBlank()) {
                throw new IOException(source + " has an entry without a title: there is no key to ask for it by");
            }
            if (!seen.add(entry.title())) {
                throw new IOException(source + " has more than one entry \"" + entry.title() + "\"");
            }
        }
        if (seen.isEmpty()) {
            throw new IOException(source + " has no entries");
        }
        return List.copyOf(seen);
    }

    private static Tally merge(List<VaultEntry> imported, VaultDocument document, boolean replace, Instant now)
            throws IOException {
        Tally tally = new Tally();
        Map<String, List<VaultEntry>> known = document.entriesByTitle();
        for (VaultEntry theirs : imported) {
            Optional<VaultEntry> ours = OneEntry.only(theirs.title(), known.getOrDefault(theirs.title(), List.of()));
            if (ours.isEmpty()) {
                copy(theirs, document.add(theirs.title(), now));
                tally.added().add(theirs.title());
            } else if (!same(theirs, ours.get()) && replace) {
                ours.get().remember(now);
                copy(theirs, ours.get());
                tally.changed().add(theirs.title());
            } else if (!same(theirs, ours.get())) {
                tally.left().add(theirs.title());
            }
        }
        return tally;
    }

    private static boolean same(VaultEntry one, VaultEntry other) {
        try (Secret password = one.password();
                Secret otherPassword = other.password()) {
            return password.equals(otherPassword)
                    && one.user().equals(other.user())
                    && one.mechanism().equals(other.mechanism())
                    && one.hosts().equals(other.hosts())
                    && one.expiry().equals(other.expiry())
                    && one.note().equals(other.note());
        }
    }

    private static void copy(VaultEntry from, VaultEntry to) {
        try (Secret password = from.password()) {
            to.user(from.user());
            to.password(password);
            to.mechanism(from.mechanism().orElse(""));
            to.hosts(from.hosts());
            to.expiry(from.expiry());
            to.note(from.note());
        }
    }

    private static void report(Call call, Tally tally) {
        call.out()
                .println("Added " + tally.added().size() + ", changed "
                        + tally.changed().size() + ", left as they are "
                        + tally.left().size() + ".");
        tally.left()
                .forEach(key -> call.err()
                        .println("postern vault import: \"" + Printable.whole(key)
                                + "\" is there and differs: say --replace to take the imported state"));
    }
}
