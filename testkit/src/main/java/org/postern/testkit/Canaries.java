// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Secrets that are planted in one place and must not turn up in any other: raw, in base64 wherever it begins (and so
 * inside a PLAIN response), url-safe, broken into lines, in hexadecimal, in the rows of a dump, percent-encoded, in
 * quoted-printable, as escapes of JSON, XML and Lua, backwards, in UTF-16.
 *
 * <p>Threading: safe for several threads.
 */
public final class Canaries {

    /** Every planted secret has this in it, so that what a whole build has written can be searched afterwards. */
    public static final String MARKER = "cAnary7Tq";

    private static final int CHUNK = 1 << 20;
    private static final String ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, Map<String, String>> formsByLabel = new ConcurrentHashMap<>();

    /** No canary yet. */
    public Canaries() {}

    /**
     * A new secret, 28 ASCII characters that no quoting changes but percent-encoding does.
     *
     * @param label what reports call it; never part of it
     */
    public String plant(String label) {
        StringBuilder secret = new StringBuilder("+/").append(MARKER);
        while (secret.length() < 28) {
            secret.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        watch(label, secret.toString().getBytes(StandardCharsets.UTF_8));
        return secret.toString();
    }

    /**
     * Looks for a given secret too.
     *
     * @throws IllegalArgumentException if it has less than 6 octets, which turn up by chance
     */
    public Canaries watch(String label, byte[] secret) {
        if (secret.length < 6) {
            throw new IllegalArgumentException("a canary has at least 6 octets");
        }
        formsByLabel.put(label, SecretForms.of(secret));
        return this;
    }

    /** Each form of each canary that occurs in these octets, such as {@code vault password (base64)}. */
    public List<String> findIn(byte[] octets) {
        Search search = new Search();
        search.look(octets, octets.length);
        return search.found();
    }

    /** Each form of each canary that occurs in this text. */
    public List<String> findIn(CharSequence text) {
        return findIn(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Each form of each canary that occurs in this file, or in any file below this directory, with the file's name; names
     * of files are looked at too.
     *
     * @throws IOException if something cannot be read
     */
    public List<String> findIn(Path fileOrDirectory) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(fileOrDirectory)) {
            for (Path path : paths.toList()) {
                findIn(path.getFileName().toString()).forEach(form -> found.add("name of a file: " + form));
                if (Files.isRegularFile(path)) {
                    findInContent(path).forEach(form -> found.add(path + ": " + form));
                }
            }
        }
        return found;
    }

    /**
     * Each form of each canary that occurs in the content of this file.
     *
     * @throws IOException if it cannot be read
     */
    public List<String> findInContent(Path file) throws IOException {
        Search search = new Search();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.readNBytes(chunk, 0, CHUNK); count > 0; count = in.readNBytes(chunk, 0, CHUNK)) {
                search.look(chunk, count);
            }
        }
        return search.found();
    }

    /**
     * Fails if a canary occurs; the text names place and form and never the secret.
     *
     * @param where what the text is, for the report
     */
    public void assertAbsentFrom(String where, CharSequence text) {
        report(where, findIn(text));
    }

    /** Fails if a canary occurs. */
    public void assertAbsentFrom(String where, byte[] octets) {
        report(where, findIn(octets));
    }

    /** Fails if a canary occurs in a file, or in one below a directory. */
    public void assertAbsentFrom(Path fileOrDirectory) throws IOException {
        report(fileOrDirectory.toString(), findIn(fileOrDirectory));
    }

    /** Fails if a canary occurs in an exception's text, or in that of a cause or of a suppressed one. */
    public void assertAbsentFrom(String where, Throwable thrown) {
        java.io.StringWriter text = new java.io.StringWriter();
        thrown.printStackTrace(new java.io.PrintWriter(text));
        assertAbsentFrom(where, text.toString());
    }

    private static void report(String where, List<String> found) {
        if (!found.isEmpty()) {
            throw new AssertionError("a secret is in " + where + ": " + String.join("; ", found));
        }
    }

    /** The labels; never the secrets. */
    @Override
    public String toString() {
        return "Canaries" + formsByLabel.keySet();
    }

    /** Looks through a stream chunk by chunk; the end of each chunk is looked at again with the next. */
    private final class Search {

        private final Map<String, Boolean> found = new LinkedHashMap<>();
        private String tail = "";
        private String joinedTail = "";
        private final HexDump dump = new HexDump();

        void look(byte[] octets, int count) {
            String chunk = new String(octets, 0, count, StandardCharsets.ISO_8859_1);
            String text = tail + chunk;
            String joined = joinedTail + withoutLineBreaks(chunk);
            String dumped = dump.next(chunk, longest());
            formsByLabel.forEach((label, forms) -> forms.forEach((form, needle) -> {
                if (contains(text, form, needle) || contains(joined, form, needle)) {
                    found.put(label + " (" + form + ")", true);
                }
                if (form.equals(SecretForms.HEXADECIMAL) && dumped.contains(needle)) {
                    found.put(label + " (rows of a dump)", true);
                }
            }));
            tail = lastOf(text);
            joinedTail = lastOf(joined);
        }

        List<String> found() {
            return List.copyOf(found.keySet());
        }
    }

    private boolean contains(String text, String form, String needle) {
        return SecretForms.ignoresCase(form) ? text.toLowerCase(Locale.ROOT).contains(needle) : text.contains(needle);
    }

    private String lastOf(String text) {
        return text.substring(Math.max(0, text.length() - longest()));
    }

    private int longest() {
        return formsByLabel.values().stream()
                .flatMap(forms -> forms.values().stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }

    private static String withoutLineBreaks(String text) {
        StringBuilder joined = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\r' && c != '\n' && c != ' ' && c != '\t') {
                joined.append(c);
            }
        }
        return joined.toString();
    }
}
