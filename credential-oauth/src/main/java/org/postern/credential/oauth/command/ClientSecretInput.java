// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import java.io.Console;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.postern.spi.credential.Secret;

/** Reads the secret of an application: from a file, from standard input, or typed without echo. */
final class ClientSecretInput {

    private static final int LONGEST = 16 * 1024;

    private ClientSecretInput() {}

    /**
     * Reads it, without the line end behind it.
     *
     * @param file a file, or {@code -} for the operator's input
     * @throws IOException if there is none; the text says why
     */
    static Secret read(String file, InputStream in) throws IOException {
        if (!file.equals("-")) {
            try (InputStream stored = new FileInputStream(file)) {
                return line("file " + file, stored);
            }
        }
        Console console = in == System.in ? System.console() : null;
        char[] typed = console == null ? null : console.readPassword("Client secret: ");
        if (typed == null) {
            return line("standard input", in);
        }
        try {
            if (typed.length == 0) {
                throw new IOException("no client secret was typed");
            }
            return Secret.copyOf(typed);
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    private static Secret line(String where, InputStream in) throws IOException {
        byte[] octets = in.readNBytes(LONGEST + 1);
        try {
            int end = octets.length;
            while (end > 0 && (octets[end - 1] == '\n' || octets[end - 1] == '\r')) {
                end--;
            }
            if (end == 0 || octets.length > LONGEST) {
                throw new IOException("the client secret in " + where
                        + (end == 0 ? " is empty" : " is longer than " + LONGEST + " octets"));
            }
            byte[] exact = Arrays.copyOf(octets, end);
            try {
                return Secret.copyOf(exact);
            } finally {
                Arrays.fill(exact, (byte) 0);
            }
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }
}
