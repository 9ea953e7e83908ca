// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.spi.mail.SmtpReply;

/**
 * What a peer says it can do, read from its latest EHLO reply (RFC 5321 section 4.1.1.1). Keywords and mechanisms are in
 * upper case. Immutable.
 */
public final class Capabilities {

    /** Of a peer that speaks no extensions. */
    public static final Capabilities NONE = new Capabilities(Map.of());

    private static final String AUTH = "AUTH";
    private static final String LEGACY_AUTH = "AUTH=";

    private final Map<String, List<String>> keywords;
    private final Set<String> mechanisms;
    private final OptionalLong maxSize;

    private Capabilities(Map<String, List<String>> keywords) {
        this.keywords = keywords;
        this.mechanisms = upperCased(keywords.getOrDefault(AUTH, List.of()));
        this.maxSize = sizeIn(keywords.getOrDefault("SIZE", List.of()));
    }

    /** Reads an EHLO reply. Its first line is the greeting and no keyword. */
    public static Capabilities of(SmtpReply ehlo) {
        Map<String, List<String>> keywords = new LinkedHashMap<>();
        for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
            add(line.strip(), keywords);
        }
        return new Capabilities(keywords);
    }

    private static void add(String line, Map<String, List<String>> keywords) {
        if (line.isEmpty()) {
            return;
        }
        // Some peers still advertise "AUTH=LOGIN PLAIN" for clients older than RFC 2554.
        boolean legacy = line.regionMatches(true, 0, LEGACY_AUTH, 0, LEGACY_AUTH.length());
        String spaced = legacy ? AUTH + " " + line.substring(LEGACY_AUTH.length()) : line;
        String[] words = spaced.split("\\s+");
        List<String> arguments =
                keywords.computeIfAbsent(words[0].toUpperCase(Locale.ROOT), keyword -> new ArrayList<>());
        arguments.addAll(List.of(words).subList(1, words.length));
    }

    private static Set<String> upperCased(List<String> names) {
        Set<String> result = new LinkedHashSet<>();
        names.forEach(name -> result.add(name.toUpperCase(Locale.ROOT)));
        return Collections.unmodifiableSet(result);
    }

    private static OptionalLong sizeIn(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.get(0).matches("[0-9]{1,18}")) {
            return OptionalLong.empty();
        }
        long size = Long.parseLong(arguments.get(0));
        // RFC 1870 section 4: zero means that no limit is known.
        return size == 0 ? OptionalLong.empty() : OptionalLong.of(size);
    }

    /** Whether the keyword, in upper case, was there. */
    public boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /** The arguments of a keyword as the peer wrote them; empty if there are none. */
    public List<String> arguments(String keyword) {
        return List.copyOf(keywords.getOrDefault(keyword, List.of()));
    }

    /** The SASL mechanisms offered, in the peer's order; perhaps none. */
    public Set<String> mechanisms() {
        return mechanisms;
    }

    /** The largest message the peer takes, in octets, if it says so (RFC 1870). */
    public OptionalLong maxSize() {
        return maxSize;
    }

    /** The keywords. */
    @Override
    public String toString() {
        return keywords.keySet().toString();
    }
}
