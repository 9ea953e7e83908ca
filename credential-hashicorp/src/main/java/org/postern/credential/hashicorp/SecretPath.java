// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.credential.hashicorp.protocol.PathText;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.text.Printable;

/**
 * Makes the path of a secret of a reference: the key, put into the path that the configuration has, with names in braces
 * replaced by what the message at hand has.
 *
 * @param template the configured path; {@code {key}} in it stands for the key
 * @param inKeys what keys may name in braces, beside what the template names
 */
record SecretPath(String template, Set<LookupAttribute> inKeys) {

    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)}");
    private static final String KEY = "key";

    /** @throws IllegalArgumentException if the template names something that there is not; the text says what */
    SecretPath {
        inKeys = Set.copyOf(inKeys);
        Matcher variable = VARIABLE.matcher(template);
        while (variable.find()) {
            String name = variable.group(1);
            if (!name.equals(KEY) && attribute(name).isEmpty()) {
                throw new IllegalArgumentException("has a Path with {" + Printable.of(name)
                        + "}, and there are only {key}, {binding_group}, {binding}, {domain} and {sender}");
            }
        }
    }

    /** Where a credential is. */
    sealed interface Place {

        /**
         * There.
         *
         * @param path of the secret
         * @param field that is the password, where the key names one
         */
        record Found(String path, Optional<String> field) implements Place {}

        /** Nowhere. */
        record None(String reason) implements Place {}
    }

    /** No place. The text says why. */
    private static final class NoPlaceException extends Exception {

        private static final long serialVersionUID = 1L;

        NoPlaceException(String message) {
            super(message);
        }
    }

    /** What has to be known of a message. */
    Set<LookupAttribute> attributes() {
        Set<LookupAttribute> needed = EnumSet.noneOf(LookupAttribute.class);
        needed.addAll(inKeys);
        Matcher variable = VARIABLE.matcher(template);
        while (variable.find()) {
            attribute(variable.group(1)).ifPresent(needed::add);
        }
        return needed;
    }

    static Optional<LookupAttribute> attribute(String name) {
        for (LookupAttribute attribute : LookupAttribute.values()) {
            if (attribute.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** The place that a reference names. */
    Place of(CredentialRef ref) {
        int hash = ref.key().lastIndexOf('#');
        Optional<String> field =
                hash < 0 ? Optional.empty() : Optional.of(ref.key().substring(hash + 1));
        String key = hash < 0 ? ref.key() : ref.key().substring(0, hash);
        if (field.filter(String::isEmpty).isPresent()) {
            return new Place.None("'" + Printable.of(ref.key()) + "' names no field behind its #");
        }
        try {
            String path = filled(template, ref, Optional.of(filled(key, ref, Optional.empty())));
            Optional<String> objection = PathText.objection(path);
            return objection.isPresent()
                    ? new Place.None("'" + Printable.of(path) + "' is no path of a secret: it " + objection.get())
                    : new Place.Found(path, field);
        } catch (NoPlaceException none) {
            return new Place.None(none.getMessage());
        }
    }

    private String filled(String text, CredentialRef ref, Optional<String> key) throws NoPlaceException {
        StringBuilder filled = new StringBuilder();
        Matcher variable = VARIABLE.matcher(text);
        int from = 0;
        while (variable.find()) {
            filled.append(text, from, variable.start());
            boolean isKey = variable.group(1).equals(KEY) && key.isPresent();
            filled.append(isKey ? key.get() : value(variable.group(1), ref));
            from = variable.end();
        }
        return filled.append(text, from, text.length()).toString();
    }

    private String value(String name, CredentialRef ref) throws NoPlaceException {
        LookupAttribute attribute = attribute(name)
                .filter(attributes()::contains)
                .orElseThrow(() -> new NoPlaceException("'" + Printable.of(ref.key()) + "' names {" + Printable.of(name)
                        + "}, which neither Path nor Key_Variables does"));
        String value = ref.attributes().get(attribute);
        if (value == null) {
            throw new NoPlaceException(
                    "the path needs the " + name.replace('_', ' ') + " of the message, and it has none");
        }
        // One part of the path and no more: senders and domains come with the mail.
        if (value.contains("/")) {
            throw new NoPlaceException("the " + name.replace('_', ' ') + " '" + Printable.of(value)
                    + "' cannot stand in a path, because it has a slash inside");
        }
        return value;
    }
}
