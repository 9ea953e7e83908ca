// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.AuditLog;
import org.postern.credential.vault.file.VaultFile;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Looks for everything that would keep a credential from being used, and for signs that something was put back. */
final class VerifyVerb implements Verb {

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    @Override
    public String help() {
        return """
                Usage: postern vault verify

                Opens the vault and checks every entry, the permissions of the file, whether it is the last state that was
                written, and the chain of its audit log. Says all that is wrong and ends with 1, or that nothing is.

                %s""".formatted(VaultChoice.HELP);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        call.arguments().noOperands();
        VaultFile vault = call.vault();
        long noted = vault.generationSeen();
        List<String> wrong = new ArrayList<>(permissions(vault.path()));
        int entries = vault.read(document -> {
            wrong.addAll(entries(document, call.clock().instant()));
            wrong.addAll(state(vault, document, noted));
            return document.entries().size();
        });
        if (wrong.isEmpty()) {
            call.out().println("Vault " + vault.path() + ": " + entries + " entries, nothing wrong.");
            return;
        }
        wrong.forEach(line -> call.out().println(Printable.whole(line)));
        throw new IOException(
                wrong.size() + (wrong.size() == 1 ? " thing is" : " things are") + " wrong with " + vault.path());
    }

    private static List<String> permissions(Path vault) throws IOException {
        if (!Files.getFileStore(vault).supportsFileAttributeView("posix")) {
            return List.of();
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(vault);
        return OTHERS.stream().anyMatch(permissions::contains)
                ? List.of("the file is open to others (" + PosixFilePermissions.toString(permissions) + "): chmod 600 "
                        + vault)
                : List.of();
    }

    private static List<String> entries(VaultDocument document, Instant now) {
        List<String> wrong = new ArrayList<>();
        TreeMap<String, Integer> titles = new TreeMap<>();
        for (VaultEntry entry : document.entries()) {
            titles.merge(entry.title(), 1, Integer::sum);
            trouble(entry, now).forEach(what -> wrong.add("entry \"" + entry.title() + "\" " + what));
        }
        titles.forEach((title, count) -> {
            if (count > 1) {
                wrong.add(count + " entries are called \"" + title + "\": none of them is used");
            }
        });
        return wrong;
    }

    private static List<String> trouble(VaultEntry entry, Instant now) {
        List<String> wrong = new ArrayList<>();
        if (entry.title().isBlank()) {
            wrong.add("has no title: there is no key to ask for it by");
        }
        if (entry.user().isEmpty()) {
            wrong.add("has no user: Outbound_SMTP_AUTH_User has to name one");
        }
        if (entry.isReference()) {
            wrong.add("refers to another entry, which is not followed");
        }
        entry.expiry()
                .filter(end -> !end.isAfter(now))
                .ifPresent(end -> wrong.add("expired on " + end + ": mail that needs it is held"));
        try (Secret password = entry.password()) {
            if (password.length() == 0) {
                wrong.add("has an empty secret");
            }
        }
        return wrong;
    }

    private static List<String> state(VaultFile vault, VaultDocument document, long noted) throws IOException {
        List<String> wrong = new ArrayList<>();
        if (document.generation() < noted) {
            wrong.add("the file is older than what was written last (change " + document.generation() + " of " + noted
                    + "): it was restored from a copy");
        }
        AuditLog log = vault.auditLog();
        Optional<String> broken = log.verify(document.audited());
        broken.ifPresent(what -> wrong.add("the audit log " + log.file() + " " + what));
        return wrong;
    }
}
