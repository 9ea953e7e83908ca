// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;
import org.postern.spi.credential.Secret;

/** Puts a next secret beside the present one, which stays in use. */
final class RotateVerb implements Verb {

    private static final String GENERATE = "--generate";
    private static final String DISCARD = "--discard";
    private static final char[] LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789".toCharArray();
    private static final int LENGTH = 32;

    @Override
    public Set<String> flags() {
        return Set.of(GENERATE, DISCARD);
    }

    @Override
    public String help() {
        return """
                Usage: postern vault rotate KEY [--generate | --discard]

                Puts a next secret beside the present one of the entry KEY. The secret is typed, or is the first line of
                standard input. The present one stays in use until "postern vault promote KEY".

                  --generate             make a secret of %d letters and digits (show it: get KEY --reveal --next)
                  --discard              forget the next secret instead
                %s""".formatted(LENGTH, VaultChoice.HELP);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        String key = call.arguments().operand("key");
        boolean generate = call.arguments().has(GENERATE);
        if (generate && call.arguments().has(DISCARD)) {
            throw new UsageException(GENERATE + " and " + DISCARD + " exclude one another");
        }
        if (call.arguments().has(DISCARD)) {
            discard(call, key);
            return;
        }
        try (Secret next = generate ? generated() : SecretInput.readNew("Next secret for " + key, call.in())) {
            call.vault().<Void>change(Change.of("rotate", key, call.clock().instant()), document -> {
                OneEntry.in(document, key).next(next);
                return null;
            });
        }
        call.out().println("\"" + key + "\" has a next secret; \"postern vault promote\" makes it the present one.");
    }

    private static void discard(Call call, String key) throws IOException {
        call.vault().<Void>change(Change.of("discard", key, call.clock().instant()), document -> {
            VaultEntry entry = OneEntry.in(document, key);
            if (!entry.dropNext()) {
                throw new IOException("the entry \"" + key + "\" has no next secret");
            }
            return null;
        });
        call.out().println("The next secret of \"" + key + "\" is forgotten.");
    }

    // Letters that look alike are left out; 32 of 57 kinds are more than 180 bits.
    private static Secret generated() {
        SecureRandom random = new SecureRandom();
        char[] letters = new char[LENGTH];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = LETTERS[random.nextInt(LETTERS.length)];
        }
        try {
            return Secret.copyOf(letters);
        } finally {
            java.util.Arrays.fill(letters, '\0');
        }
    }
}
