// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_CLEARTEXT;
import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_UNVERIFIED_TLS;
import static org.postern.spi.policy.OutboundAuthSettings.AUTHZID;
import static org.postern.spi.policy.OutboundAuthSettings.INITIAL_RESPONSE;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.TYPE;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postern.spi.credential.Secret;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.Setting;

/** Puts the message context over what the scopes say about authentication. Threading: stateless. */
public final class AuthResolution {

    /** The origin of what a variable of the message context says. */
    public static final Origin CONTEXT = new Origin("<message context>", 1, 1);

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s,]+");

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
        return new ResolvedAuth(
                type.flatMap(Located::value).map(AuthResolution::mechanisms).orElse(List.of()),
                type.map(Located::origin),
                user.flatMap(Located::value),
                user.map(Located::origin),
                password.flatMap(Located::value),
                password.map(Located::origin),
                key.flatMap(Located::value),
                key.map(Located::origin),
                sources.find(AUTHZID).flatMap(Located::value),
                sources.find(INITIAL_RESPONSE)
                        .flatMap(Located::value)
                        .map(InitialResponse::of)
                        .orElse(InitialResponse.AUTO),
                sources.allows(ALLOW_UNVERIFIED_TLS),
                sources.allows(ALLOW_CLEARTEXT));
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
