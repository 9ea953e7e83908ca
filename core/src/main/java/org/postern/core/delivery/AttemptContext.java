// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.core.scope.Resolution;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.Envelope;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.Setting;

/**
 * A message's own variables over a view of what the configuration says, which is never copied into them; and the
 * predefined ones, which nobody can hide.
 */
final class AttemptContext implements MessageContext {

    private final Map<String, String> own;
    private final Envelope envelope;
    private final Optional<Resolution> options;

    /** @param options what shows through, if anything does */
    AttemptContext(Map<String, String> own, Envelope envelope, Optional<Resolution> options) {
        this.own = new HashMap<>(own);
        this.envelope = envelope;
        this.options = options;
    }

    Map<String, String> own() {
        return own;
    }

    @Override
    public Optional<String> get(String name) {
        return PredefinedVariables.of(envelope, name)
                .or(() -> Optional.ofNullable(own.get(name)))
                .or(() -> options.flatMap(resolution -> configured(resolution, name)));
    }

    private static Optional<String> configured(Resolution options, String name) {
        return OutboundAuthSettings.all().stream()
                .filter(setting -> setting.key().equals(name))
                .findFirst()
                .flatMap(setting -> value(options, setting));
    }

    private static <T> Optional<String> value(Resolution options, Setting<T> setting) {
        return options.get(setting).value().map(AttemptContext::text);
    }

    /** A value as a context shows it. */
    static String text(Object value) {
        return switch (value) {
            case Secret secret -> secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
            case Duration time -> Long.toString(time.toSeconds());
            case Iterable<?> words ->
                String.join(
                        " ",
                        java.util.stream.StreamSupport.stream(words.spliterator(), false)
                                .map(Object::toString)
                                .toList());
            default -> value.toString();
        };
    }

    @Override
    public void set(String name, String value) {
        if (PredefinedVariables.names().contains(name)) {
            throw new IllegalArgumentException("variable " + name + " is predefined and cannot be set");
        }
        own.put(name, value);
    }

    @Override
    public boolean delete(String name) {
        return own.remove(name) != null;
    }
}
