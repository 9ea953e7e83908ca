// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_CLEARTEXT;
import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_UNVERIFIED_TLS;
import static org.postern.spi.policy.OutboundAuthSettings.AUTHZID;
import static org.postern.spi.policy.OutboundAuthSettings.CACHE_TIME;
import static org.postern.spi.policy.OutboundAuthSettings.CANARY_SHARE;
import static org.postern.spi.policy.OutboundAuthSettings.CREDENTIAL_STORES;
import static org.postern.spi.policy.OutboundAuthSettings.INITIAL_RESPONSE;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.STALE_WHILE_ERROR;
import static org.postern.spi.policy.OutboundAuthSettings.TYPE;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.spi.credential.Secret;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.policy.StoreUse;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Puts the message context over what the scopes say about authentication, and tells references to credential stores from
 * users and passwords.
 *
 * <p>Threading: safe for many threads.
 */
public final class AuthResolution {

    /** The origin of what a variable of the message context says. */
    public static final Origin CONTEXT = new Origin("<message context>", 1, 1);

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s,]+");

    /** Looking for them goes through all scopes, and is done once for a configuration. */
    private volatile StoreNames storeNames = new StoreNames(SettingsSnapshot.empty());

    /**
     * How one message is authenticated. A variable with an option's name in lower case overrides the option; an empty
     * one, or {@code false}, cancels it.
     *
     * @param resolution what the scopes say
     * @param context the variables that hooks and reception have set, and nothing else
     * @return mechanisms in upper case; the password, if any, belongs to the snapshot and is not to be closed
     */
    public ResolvedAuth resolve(Resolution resolution, Map<String, String> context) {
        Sources sources = new Sources(resolution, context);
        Optional<Located<List<String>>> type = sources.find(TYPE);
        Optional<Located<String>> user = sources.find(USER);
        Optional<Located<Secret>> password = sources.find(PASS);
        Optional<Located<String>> key = sources.find(KEY);
        List<String> order = sources.find(CREDENTIAL_STORES)
                .flatMap(Located::value)
                .map(StoreReference::order)
                .orElse(List.of());
        Set<String> names = storesIn(resolution.snapshot(), context.containsKey(CREDENTIAL_STORES.key()), order);
        StoreUse stores = new StoreUse(
                user.flatMap(Located::value).flatMap(written -> StoreReference.of(written, names)),
                password.flatMap(Located::value).flatMap(written -> StoreReference.of(written, names)),
                order,
                sources.orDefault(CACHE_TIME),
                sources.orDefault(STALE_WHILE_ERROR),
                sources.orDefault(CANARY_SHARE).intValue());
        return new ResolvedAuth(
                type.flatMap(Located::value).map(AuthResolution::mechanisms).orElse(List.of()),
                type.map(Located::origin),
                user.flatMap(Located::value)
                        .filter(written -> stores.user().isEmpty())
                        .map(StoreReference::literal),
                user.map(Located::origin),
                password.flatMap(Located::value)
                        .filter(written -> stores.password().isEmpty()),
                password.map(Located::origin),
                key.flatMap(Located::value),
                key.map(Located::origin),
                sources.find(AUTHZID).flatMap(Located::value),
                sources.find(INITIAL_RESPONSE)
                        .flatMap(Located::value)
                        .map(InitialResponse::of)
                        .orElse(InitialResponse.AUTO),
                sources.allows(ALLOW_UNVERIFIED_TLS),
                sources.allows(ALLOW_CLEARTEXT),
                stores);
    }

    /** The reference in what is written for a password, if it is one and so may be shown. */
    public Optional<StoreReference> referenceIn(String written, SettingsSnapshot snapshot) {
        return StoreReference.of(written, storesIn(snapshot, false, List.of()));
    }

    private Set<String> storesIn(SettingsSnapshot snapshot, boolean messageHasOwn, List<String> own) {
        StoreNames known = storeNames;
        if (known.snapshot() != snapshot) {
            known = new StoreNames(snapshot);
            storeNames = known;
        }
        return messageHasOwn
                ? Stream.concat(known.names().stream(), own.stream()).collect(Collectors.toUnmodifiableSet())
                : known.names();
    }

    private record StoreNames(SettingsSnapshot snapshot, Set<String> names) {

        StoreNames(SettingsSnapshot snapshot) {
            this(snapshot, StoreReference.storesIn(snapshot));
        }
    }

    /** A context holds only text, so a list in it is written with blanks or commas between the names. */
    private static List<String> mechanisms(List<String> written) {
        return written.stream()
                .flatMap(item -> Stream.of(BETWEEN_WORDS.split(item)))
                .filter(word -> !word.isEmpty())
                .map(word -> word.toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    private record Sources(Resolution resolution, Map<String, String> context) {

        /** The value with its origin; nothing where nobody speaks or the one who does cancels. */
        <T> Optional<Located<T>> find(Setting<T> setting) {
            String variable = context.get(setting.key());
            if (variable != null) {
                return read(setting, variable).map(value -> new Located<>(Optional.of(value), CONTEXT));
            }
            Resolved<T> resolved = resolution.get(setting);
            return resolved.value()
                    .flatMap(value -> resolved.origin().map(origin -> new Located<>(Optional.of(value), origin)));
        }

        /** The value, or the default of an option that has one. */
        <T> T orDefault(Setting<T> setting) {
            return find(setting)
                    .flatMap(Located::value)
                    .or(setting::defaultValue)
                    .orElseThrow();
        }

        /** Leave to show a secret is given only by a value that reads as such. */
        boolean allows(Setting<Boolean> setting) {
            return find(setting).flatMap(Located::value).orElse(false);
        }

        private static <T> Optional<T> read(Setting<T> setting, String text) {
            try {
                return setting.read(new RawValue.Scalar(text));
            } catch (InvalidValueException unreadable) {
                // Only words with a fixed form can be missed by a text; without a reading, the cautious default holds.
                return Optional.empty();
            }
        }
    }
}
