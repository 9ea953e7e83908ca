// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a cipher list as OpenSSL does (ciphers(1)), over the suites of the Java runtime: names of both kinds, the common
 * group words, {@code !}, {@code -}, {@code +} and {@code A+B}. A word that stands for nothing here is passed over, as
 * there; {@code @STRENGTH} and {@code @SECLEVEL} are without effect.
 */
final class CipherList {

    private static final Pattern BETWEEN = Pattern.compile("[\\s:,]+");
    private static final Pattern SUITE =
            Pattern.compile("(?:TLS|SSL)_(?<exchange>.+)_WITH_(?<cipher>.+?)_(?<hash>[^_]+)");

    private final List<String> defaults;
    private final Map<String, Set<String>> words = new LinkedHashMap<>();

    private CipherList(List<String> defaults, List<String> supported) {
        this.defaults = defaults;
        supported.forEach(suite -> words.put(suite, wordsFor(suite)));
    }

    /**
     * Over these suites.
     *
     * @param defaults what {@code DEFAULT} stands for
     * @param supported everything that may be named, strongest first
     */
    static CipherList of(List<String> defaults, List<String> supported) {
        return new CipherList(defaults, supported);
    }

    /**
     * The suites that a list stands for, in its order.
     *
     * @throws GeneralSecurityException if it stands for none
     */
    List<String> select(String written) throws GeneralSecurityException {
        Set<String> chosen = new LinkedHashSet<>();
        Set<String> barred = new HashSet<>();
        for (String word : BETWEEN.split(written.strip())) {
            apply(word, chosen, barred);
        }
        if (chosen.isEmpty()) {
            throw new GeneralSecurityException(
                    "TLS_Ciphers: '" + written + "' stands for no cipher suite of this Java runtime");
        }
        return List.copyOf(chosen);
    }

    private void apply(String word, Set<String> chosen, Set<String> barred) {
        if (word.isEmpty() || word.startsWith("@")) {
            return;
        }
        char first = word.charAt(0);
        List<String> meant = meant(first == '!' || first == '-' || first == '+' ? word.substring(1) : word);
        switch (first) {
            case '!' -> {
                meant.forEach(chosen::remove);
                barred.addAll(meant);
            }
            case '-' -> meant.forEach(chosen::remove);
            case '+' -> meant.stream().filter(chosen::remove).toList().forEach(chosen::add);
            default -> meant.stream().filter(suite -> !barred.contains(suite)).forEach(chosen::add);
        }
    }

    private List<String> meant(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        if (upper.equals("DEFAULT")) {
            return defaults;
        }
        Set<String> all = Set.of(upper.split("\\+"));
        return words.entrySet().stream()
                .filter(suite -> suite.getValue().containsAll(all))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Set<String> wordsFor(String suite) {
        Set<String> words = new HashSet<>(Set.of("ALL", suite.toUpperCase(Locale.ROOT)));
        Matcher parts = SUITE.matcher(suite);
        if (parts.matches()) {
            exchange(parts.group("exchange"), words);
            cipher(parts.group("cipher"), parts.group("hash"), words);
            words.add(shortName(parts));
        }
        return words;
    }

    private static void exchange(String exchange, Set<String> words) {
        boolean anonymous = exchange.endsWith("_anon");
        String keys = exchange.replaceFirst("_.*", "");
        switch (keys) {
            case "ECDHE" -> words.addAll(Set.of("ECDHE", "EECDH", "KECDHE", "KEECDH"));
            case "DHE" -> words.addAll(Set.of("DHE", "EDH", "KDHE", "KEDH"));
            default -> words.addAll(Set.of("K" + keys, keys));
        }
        if (anonymous) {
            words.addAll(Set.of("ANULL", keys.startsWith("EC") ? "AECDH" : "ADH"));
        } else {
            String signature = exchange.substring(exchange.lastIndexOf('_') + 1);
            words.addAll(Set.of(signature, "A" + signature));
        }
    }

    private static void cipher(String cipher, String hash, Set<String> words) {
        boolean sealed = cipher.endsWith("_GCM") || cipher.startsWith("CHACHA20");
        if (cipher.startsWith("AES_")) {
            words.addAll(Set.of("AES", cipher.startsWith("AES_128") ? "AES128" : "AES256", "HIGH"));
        } else if (cipher.startsWith("CHACHA20")) {
            words.addAll(Set.of("CHACHA20", "HIGH"));
        } else if (cipher.equals("NULL")) {
            words.addAll(Set.of("NULL", "ENULL", "COMPLEMENTOFALL"));
            words.remove("ALL");
        } else {
            words.addAll(Set.of(cipher.replaceFirst("_.*", ""), cipher.startsWith("3DES") ? "MEDIUM" : "LOW"));
        }
        if (cipher.endsWith("_GCM")) {
            words.add("AESGCM");
        }
        if (!sealed) {
            words.addAll(hash.equals("SHA") ? Set.of("SHA", "SHA1") : Set.of(hash));
        }
    }

    /** {@code ECDHE-RSA-AES128-GCM-SHA256} for {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}. */
    private static String shortName(Matcher parts) {
        String exchange = parts.group("exchange").equals("RSA")
                ? ""
                : parts.group("exchange").replace("DH_anon", "ADH").replace("ECADH", "AECDH") + "_";
        String cipher = parts.group("cipher")
                .replace("_CBC", "")
                .replace("3DES_EDE", "DES_CBC3")
                .replaceFirst("^AES_", "AES");
        String hash = cipher.startsWith("CHACHA20") ? "" : "_" + parts.group("hash");
        return (exchange + cipher + hash).replace('_', '-').toUpperCase(Locale.ROOT);
    }
}
