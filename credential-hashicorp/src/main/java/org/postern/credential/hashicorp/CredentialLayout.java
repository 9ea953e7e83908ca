// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.Validity;
import org.postern.spi.text.Printable;

/**
 * Which fields of a secret are what. Of several names the first counts that the secret has.
 *
 * @param user the user name
 * @param password the password, unless the key names another field
 * @param mechanism the AUTH mechanism to use
 * @param hosts the hosts that the password may be shown to, between commas or spaces
 * @param nextUser the user name that belongs to the coming password, where it is another
 * @param nextPassword the coming password
 */
record CredentialLayout(
        List<String> user,
        List<String> password,
        List<String> mechanism,
        List<String> hosts,
        List<String> nextUser,
        List<String> nextPassword) {

    private static final int LONGEST_PASSWORD = 64 * 1024;
    private static final int LONGEST_TEXT = 4096;
    private static final Pattern BETWEEN_HOSTS = Pattern.compile("[,\\s]+");

    /** Copies the lists. */
    CredentialLayout {
        user = List.copyOf(user);
        password = List.copyOf(password);
        mechanism = List.copyOf(mechanism);
        hosts = List.copyOf(hosts);
        nextUser = List.copyOf(nextUser);
        nextPassword = List.copyOf(nextPassword);
    }

    /** The secret cannot be used. The text says which field and why. */
    private static final class UnfitException extends Exception {

        private static final long serialVersionUID = 1L;

        UnfitException(String message) {
            super(message);
        }
    }

    /**
     * The credential that a state of a secret is.
     *
     * @param end when the secret ends, where that is known beside what it says itself
     */
    Lookup read(SecretPath.Place.Found place, SecretFields fields, VersionNames versions, Optional<Instant> end) {
        try {
            return new Reading(place, fields, versions, end).found();
        } catch (UnfitException unfit) {
            return new Lookup.NoSuchCredential("secret \"" + Printable.of(place.path()) + "\" " + unfit.getMessage());
        }
    }

    /** One secret under the eyes of one who asks. */
    private final class Reading {

        private final SecretPath.Place.Found place;
        private final SecretFields fields;
        private final VersionNames versions;
        private final Validity validity;

        Reading(SecretPath.Place.Found place, SecretFields fields, VersionNames versions, Optional<Instant> end) {
            this.place = place;
            this.fields = fields;
            this.versions = versions;
            this.validity = new Validity(
                    fields.origin().since(), end.or(() -> fields.origin().end()));
        }

        Lookup found() throws UnfitException {
            List<String> wanted = place.field().map(List::of).orElse(password);
            String name = present(wanted)
                    .orElseThrow(() -> new UnfitException("has no field '" + Printable.of(String.join("' or '", wanted))
                            + "'; it has " + Printable.of(shownNames())));
            String currentUser = text(user);
            Credential current = credential(currentUser, name);
            try {
                return new Lookup.Found(current, next(currentUser));
            } catch (UnfitException unfit) {
                current.close();
                throw unfit;
            }
        }

        private String shownNames() {
            return fields.names().isEmpty() ? "none" : String.join(", ", fields.names());
        }

        private Optional<Credential> next(String currentUser) throws UnfitException {
            // A key that names its field means that one and nothing beside it.
            Optional<String> name = place.field().isPresent() ? Optional.empty() : present(nextPassword);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            String own = text(nextUser);
            return Optional.of(credential(own.isEmpty() ? currentUser : own, name.get()));
        }

        private Credential credential(String name, String passwordField) throws UnfitException {
            Secret secret = secret(passwordField);
            try {
                return new PasswordCredential(
                        name,
                        secret,
                        versions.of(place.path(), fields.origin().number(), name, secret),
                        Optional.of(text(mechanism)).filter(value -> !value.isEmpty()),
                        allowedHosts(),
                        validity);
            } catch (UnfitException unfit) {
                secret.close();
                throw unfit;
            }
        }

        private Secret secret(String field) throws UnfitException {
            Secret secret = fields.text(field)
                    .orElseThrow(
                            () -> new UnfitException("has a field '" + Printable.of(field) + "' that is no string"));
            Optional<String> objection = secret.reveal(CredentialLayout::objection);
            if (objection.isPresent()) {
                secret.close();
                throw new UnfitException("has a field '" + Printable.of(field) + "' that " + objection.get());
            }
            return secret;
        }

        private Set<String> allowedHosts() throws UnfitException {
            return BETWEEN_HOSTS
                    .splitAsStream(text(hosts))
                    .filter(host -> !host.isEmpty())
                    .collect(Collectors.toSet());
        }

        /** The first of these fields that is there; empty where none is. */
        private String text(List<String> names) throws UnfitException {
            Optional<String> name = present(names);
            if (name.isEmpty()) {
                return "";
            }
            try (Secret value = fields.text(name.get())
                    .orElseThrow(() ->
                            new UnfitException("has a field '" + Printable.of(name.get()) + "' that is no string"))) {
                String text = value.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
                if (text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
                    throw new UnfitException("has a field '" + Printable.of(name.get()) + "' that is longer than "
                            + LONGEST_TEXT + " characters or has a control character inside");
                }
                return text;
            }
        }

        private Optional<String> present(List<String> names) {
            return names.stream().filter(fields.names()::contains).findFirst();
        }
    }

    /** NUL separates the parts of PLAIN (RFC 4616), and a line end ends the line of LOGIN: neither can be sent. */
    private static Optional<String> objection(byte[] password) {
        if (password.length == 0) {
            return Optional.of("is empty");
        }
        if (password.length > LONGEST_PASSWORD) {
            return Optional.of("is longer than " + LONGEST_PASSWORD + " octets");
        }
        if (password[password.length - 1] == '\n') {
            return Optional.of("ends with a line end: was it read from a file? (printf %s instead of echo)");
        }
        boolean odd = false;
        for (byte octet : password) {
            odd = odd || octet == 0 || octet == '\r' || octet == '\n';
        }
        return odd ? Optional.of("has NUL, CR or LF inside") : Optional.empty();
    }
}
