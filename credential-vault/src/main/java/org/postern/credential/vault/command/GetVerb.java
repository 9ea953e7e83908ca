// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/** Shows one entry, and its secret to those who ask for it in so many words. */
final class GetVerb implements Verb {

    private static final String REVEAL = "--reveal";
    private static final String NEXT = "--next";

    @Override
    public Set<String> flags() {
        return Set.of(REVEAL, NEXT);
    }

    @Override
    public String help() {
        return """
                Usage: postern vault get KEY [--reveal [--next]]

                Shows the entry KEY without its secret.

                  --reveal               the secret and nothing else, octet for octet, with a line end after it
                  --next                 the secret that waits to be promoted
                %s""".formatted(VaultChoice.HELP);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        String key = call.arguments().operand("key");
        boolean reveal = call.arguments().has(REVEAL);
        boolean next = call.arguments().has(NEXT);
        if (next && !reveal) {
            throw new UsageException(NEXT + " goes with " + REVEAL);
        }
        call.vault().<Void>read(document -> {
            VaultEntry entry = OneEntry.in(document, key);
            if (reveal) {
                reveal(key, entry, next, call.out());
            } else {
                show(entry, call.out());
            }
            return null;
        });
    }

    private static void reveal(String key, VaultEntry entry, boolean next, PrintStream out) throws IOException {
        try (Secret secret = next
                ? entry.nextPassword()
                        .orElseThrow(() -> new IOException("the entry \"" + key + "\" has no next secret"))
                : entry.password()) {
            secret.<Void>reveal(octets -> {
                out.write(octets, 0, octets.length);
                return null;
            });
            out.println();
            out.flush();
        }
    }

    private static void show(VaultEntry entry, PrintStream out) {
        line(out, "user", entry.user());
        line(out, "mechanism", entry.mechanism().orElse("any"));
        line(out, "hosts", entry.hosts().isEmpty() ? "any" : String.join(" ", entry.hosts()));
        line(out, "version", entry.version().toString());
        line(out, "changed", entry.modified().map(Object::toString).orElse("-"));
        line(out, "expires", entry.expiry().map(Object::toString).orElse("never"));
        line(out, "earlier states", Integer.toString(entry.history()));
        line(out, "next secret", entry.hasNext() ? "waits to be promoted" : "none");
        line(out, "note", entry.note());
    }

    private static void line(PrintStream out, String name, String value) {
        out.println((name + ":" + " ".repeat(15 - name.length()) + Printable.whole(value)).stripTrailing());
    }
}
