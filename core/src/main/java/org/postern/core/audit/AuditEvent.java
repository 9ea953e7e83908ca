// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.spi.audit.ChainedLog;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;

/**
 * One use or change of a credential. It has no place for a secret.
 *
 * @param action what was done
 * @param result what came of it
 * @param details who, which, where, by name; in the order in which they are written
 */
public record AuditEvent(Action action, String result, Map<String, String> details) {

    /** What can be done. */
    public enum Action {
        /** An AUTH exchange. */
        LOGIN,
        /** A secret was, or was not, shown where an option decides. */
        DISCLOSURE,
        /** Logins with a credential were stopped, or go on. */
        BREAKER,
        /** A store says that a credential changed. */
        CHANGE,
        /** A coming credential became the current one, or did not. */
        ROTATION,
        /** An operator wants a refused credential to be tried at once. */
        RETRY,
        /** There were more events than could be written. */
        LOSS
    }

    /** @throws NullPointerException if a part is missing */
    public AuditEvent {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(result, "result");
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** An event without details. */
    public static AuditEvent of(Action action, String result) {
        return new AuditEvent(action, result, Map.of());
    }

    /** An event about an identity: user, reference and version. */
    public static AuditEvent of(Action action, String result, AuthIdentity identity) {
        return of(action, result)
                .with("user", identity.user())
                .with("authorization", identity.authorization())
                .with("reference", identity.source())
                .with("version", identity.version().value());
    }

    /** An event about a reference, of a store or of the configuration, and one of its versions. */
    public static AuditEvent of(Action action, String result, String reference, Optional<CredentialVersion> version) {
        return of(action, result).with("reference", reference).with("version", version.map(CredentialVersion::value));
    }

    /** The same with one more detail. */
    public AuditEvent with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(name, value);
        return new AuditEvent(action, result, more);
    }

    /** The same with one more detail, if there is one. */
    public AuditEvent with(String name, Optional<String> value) {
        return value.map(text -> with(name, text)).orElse(this);
    }

    /** As members of an object of JSON. */
    String members() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("event", action.name().toLowerCase(Locale.ROOT));
        all.put("result", result);
        all.putAll(details);
        return all.entrySet().stream()
                .map(one -> ChainedLog.json(one.getKey()) + ":" + ChainedLog.json(bounded(one.getValue())))
                .collect(Collectors.joining(","));
    }

    // Names come from stores and replies from peers: neither may fill the disk with one line.
    private static String bounded(String value) {
        return value.length() <= 1_000 ? value : value.substring(0, 1_000) + "...";
    }
}
