// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/** Reads a secret from the operator: typed without echo at a terminal, or the first line of what is piped. */
final class SecretInput {

    private static final int LONGEST = 16 * 1024 * 1024;
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    private SecretInput() {}

    /**
     * Reads a new secret, which is typed twice.
     *
     * @param what what it is, at the beginning of a line
     * @throws IOException if there is none; the text says what to do
     */
    static Secret readNew(String what, InputStream in) throws IOException {
        return read(what, in, true);
    }

    /**
     * Reads a secret that is checked by its use.
     *
     * @throws IOException as {@link #readNew}
     */
    static Secret read(String what, InputStream in) throws IOException {
        return read(what, in, false);
    }

    private static Secret read(String what, InputStream in, boolean twice) throws IOException {
        Optional<Console> console = in == System.in ? terminal() : Optional.empty();
        if (console.isPresent()) {
            return typed(console.get(), what, twice);
        }
        if (in == System.in && isTerminal(STANDARD_INPUT)) {
            throw new IOException(
                    "the secret would be shown as it is typed: pipe it in, or do not redirect the output");
        }
        return firstLine(in);
    }

    private static Secret typed(Console console, String what, boolean twice) throws IOException {
        char[] once = console.readPassword("%s: ", what);
        char[] again = twice ? console.readPassword("Again: ") : null;
        try {
            if (once == null || once.length == 0) {
                throw new IOException("no secret was typed");
            }
            if (twice && !Arrays.equals(once, again)) {
                throw new IOException("the two are not the same; nothing was changed");
            }
            return Secret.copyOf(once);
        } finally {
            wipe(once);
            wipe(again);
        }
    }

    private static Secret firstLine(InputStream in) throws IOException {
        Wiped line = new Wiped();
        try (line) {
            for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
                line.write(octet);
                if (line.size() > LONGEST) {
                    throw new IOException("the secret is longer than " + LONGEST + " octets");
                }
            }
            return line.secret();
        }
    }

    /** A buffer that leaves nothing behind, not even where it grew. */
    private static final class Wiped implements AutoCloseable {

        private byte[] buf = new byte[256];
        private int count;

        void write(int octet) {
            if (count == buf.length) {
                byte[] old = buf;
                buf = Arrays.copyOf(old, old.length * 2);
                Arrays.fill(old, (byte) 0);
            }
            buf[count++] = (byte) octet;
        }

        int size() {
            return count;
        }

        Secret secret() throws IOException {
            int end = count > 0 && buf[count - 1] == '\r' ? count - 1 : count;
            if (end == 0) {
                throw new IOException("no secret on standard input: pipe it in as one line");
            }
            byte[] exact = Arrays.copyOf(buf, end);
            try {
                return Secret.copyOf(exact);
            } finally {
                Arrays.fill(exact, (byte) 0);
            }
        }

        @Override
        public void close() {
            Arrays.fill(buf, (byte) 0);
        }
    }

    // From Java 22 on there is a console even without a terminal, and a method that tells the two apart.
    private static Optional<Console> terminal() {
        Console console = System.console();
        if (console == null) {
            return Optional.empty();
        }
        try {
            Method isTerminal = Console.class.getMethod("isTerminal");
            return Boolean.TRUE.equals(isTerminal.invoke(console)) ? Optional.of(console) : Optional.empty();
        } catch (ReflectiveOperationException beforeJava22) {
            return Optional.of(console);
        }
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    private static void wipe(char[] characters) {
        if (characters != null) {
            Arrays.fill(characters, '\0');
        }
    }
}
