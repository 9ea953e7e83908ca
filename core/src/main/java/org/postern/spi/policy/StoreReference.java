// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * What stands for a user or a password that a credential store keeps: {@code STORE:KEY}. It may be shown.
 *
 * <p>A value is a reference only if its first word is one of {@link #WELL_KNOWN} or named in
 * {@link OutboundAuthSettings#CREDENTIAL_STORES}; that depends on the configuration alone, and not on which bundles happen
 * to be there, so that no reference is ever shown to a peer as if it were a password. {@code literal:} before a value says
 * that it is none.
 *
 * @param store the name of the store, in lower case
 * @param key what it is asked for; what stands behind a {@code #} names a field of one entry
 */
public record StoreReference(String store, String key) {

    /** Words that the language keeps for stores, whatever is installed. */
    public static final List<String> WELL_KNOWN = List.of("vault", "file", "jdbc", "hashicorp", "oauth");

    private static final String LITERAL = "literal:";
    private static final char FIELD = '#';
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s,]+");

    /** @throws NullPointerException if a part is missing */
    public StoreReference {
        store = store.toLowerCase(Locale.ROOT);
        Objects.requireNonNull(key, "key");
    }

    /** The names that make a reference in this configuration, in lower case. It looks at every scope. */
    public static Set<String> storesIn(SettingsSnapshot snapshot) {
        List<String> named = new ArrayList<>();
        for (ScopePath place : snapshot.places()) {
            snapshot.at(place, OutboundAuthSettings.CREDENTIAL_STORES)
                    .flatMap(written -> written.value())
                    .ifPresent(named::addAll);
        }
        return storesWith(named);
    }

    /**
     * {@link #WELL_KNOWN} and these, in lower case.
     *
     * @param named as {@link OutboundAuthSettings#CREDENTIAL_STORES} has them
     */
    public static Set<String> storesWith(Collection<String> named) {
        Set<String> stores = new HashSet<>(WELL_KNOWN);
        stores.addAll(order(named));
        return Set.copyOf(stores);
    }

    /**
     * The names in a value of {@link OutboundAuthSettings#CREDENTIAL_STORES}, in lower case, each once. A message context
     * holds only text, so that there they stand in one value, with blanks or commas between them.
     */
    public static List<String> order(Collection<String> named) {
        return named.stream()
                .flatMap(BETWEEN_WORDS::splitAsStream)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /**
     * The reference that is written, if it is one.
     *
     * @param stores names that make a reference, in lower case
     */
    public static Optional<StoreReference> of(String written, Set<String> stores) {
        int colon = written.indexOf(':');
        return colon > 0 && stores.contains(written.substring(0, colon).toLowerCase(Locale.ROOT))
                ? Optional.of(new StoreReference(written.substring(0, colon), written.substring(colon + 1)))
                : Optional.empty();
    }

    /**
     * The same for what may be a password: nothing of it becomes a string unless it is a reference.
     *
     * @param stores names that make a reference, in lower case
     */
    public static Optional<StoreReference> of(Secret written, Set<String> stores) {
        return written.reveal(octets -> stores.stream().anyMatch(store -> startsWith(octets, store + ":"))
                ? of(new String(octets, StandardCharsets.UTF_8), stores)
                : Optional.empty());
    }

    /** What is meant by a value that is no reference: the value without {@code literal:} before it. */
    public static String literal(String written) {
        return written.regionMatches(true, 0, LITERAL, 0, LITERAL.length())
                ? written.substring(LITERAL.length())
                : written;
    }

    /** The same for a password: a copy, to be closed by the caller. */
    public static Secret literal(Secret written) {
        return written.reveal(octets -> {
            if (!startsWith(octets, LITERAL)) {
                return Secret.copyOf(octets);
            }
            byte[] meant = Arrays.copyOfRange(octets, LITERAL.length(), octets.length);
            try {
                return Secret.copyOf(meant);
            } finally {
                Arrays.fill(meant, (byte) 0);
            }
        });
    }

    /**
     * A value as it has to be written so that it is taken as it is.
     *
     * @param stores names that make a reference, in lower case
     */
    public static String asLiteral(String meant, Set<String> stores) {
        boolean wouldChange = of(meant, stores).isPresent() || !literal(meant).equals(meant);
        return wouldChange ? LITERAL + meant : meant;
    }

    /** Whether both name the same entry of the same store, whichever field of it. */
    public boolean sameEntryAs(StoreReference other) {
        return store.equals(other.store) && entry().equals(other.entry());
    }

    private String entry() {
        int field = key.indexOf(FIELD);
        return field < 0 ? key : key.substring(0, field);
    }

    /** As it is written. */
    @Override
    public String toString() {
        return store + ":" + key;
    }

    private static boolean startsWith(byte[] octets, String word) {
        if (octets.length < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Character.toLowerCase((char) (octets[i] & 0xFF)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
