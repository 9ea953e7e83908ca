// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;

/**
 * One state of one secret as the server has it: its fields, of which each may be the password. They stay wrapped. Immutable.
 */
public final class SecretFields {

    /** The state of a secret that is not there. */
    public static final String ABSENT = "absent";

    private final Map<String, SecretWrapping.Wrapped> texts;
    private final Set<String> others;
    private final Origin origin;

    /**
     * A state.
     *
     * @param texts the fields that are strings
     * @param others the names of those that are not
     */
    public SecretFields(Map<String, SecretWrapping.Wrapped> texts, Set<String> others, Origin origin) {
        this.texts = Map.copyOf(texts);
        this.others = Set.copyOf(others);
        this.origin = Objects.requireNonNull(origin, "origin");
    }

    /**
     * What the server says about a state.
     *
     * @param number the version of a KV secret of version 2
     * @param since when that version was written
     * @param end when it is deleted
     */
    public record Origin(Optional<Long> number, Optional<Instant> since, Optional<Instant> end) {

        /** Where the server says nothing. */
        public static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty(), Optional.empty());

        /** Differs from one state to the next, where there is a number. */
        public String state() {
            return number.map(String::valueOf).orElse("") + " "
                    + since.map(Instant::toString).orElse("") + " "
                    + end.map(Instant::toString).orElse("");
        }
    }

    Origin origin() {
        return origin;
    }

    /** The field, if it is there and a string. The secret is the caller's to close. */
    Optional<Secret> text(String field) {
        return Optional.ofNullable(texts.get(field)).map(SecretWrapping.Wrapped::unwrap);
    }

    /** Whether the field is there and is no string. */
    boolean isOfAnotherKind(String field) {
        return others.contains(field);
    }

    /** The names of all fields, for people. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(texts.keySet());
        names.addAll(others);
        return names;
    }

    /** Differs from one state to the next, and tells nothing of the fields. */
    String state(Fingerprint fingerprint) {
        return origin.number().isPresent() ? origin.state() : fingerprint.of(texts);
    }

    /** The names only. */
    @Override
    public String toString() {
        return "SecretFields" + names();
    }
}
