// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.StanzaType;

/** What is written in one instance of a bundle's stanza, merged over all its repetitions. */
final class StanzaContent {

    private final StanzaType type;
    private final Map<String, Optional<Object>> options = new LinkedHashMap<>();
    private final Map<String, SecretOption<?>> secrets = new LinkedHashMap<>();
    private final Map<String, Map<String, StanzaContent>> inner = new LinkedHashMap<>();

    private record SecretOption<T>(Setting<T> setting, Located<T> value) {

        void putInto(SettingsSnapshot.Builder snapshot, StanzaType stanza, String instance) {
            snapshot.putSecret(stanza, instance, setting, value);
        }
    }

    StanzaContent(StanzaType type) {
        this.type = type;
    }

    void put(Setting<?> setting, Optional<?> value) {
        options.put(setting.key(), value.map(StanzaContent::flat));
    }

    /** @throws InvalidValueException if the value has not the form that the setting asks for */
    <T> void putSecret(Setting<T> setting, RawValue raw, Origin origin) throws InvalidValueException {
        secrets.put(setting.key(), new SecretOption<>(setting, new Located<>(setting.read(raw), origin)));
    }

    /** Secret options by name, for comparison. */
    Map<String, Object> secretValues() {
        Map<String, Object> values = new LinkedHashMap<>();
        secrets.forEach((key, option) -> option.value().value().ifPresent(value -> values.put(key, value)));
        return values;
    }

    void secretsInto(SettingsSnapshot.Builder snapshot, String instance) {
        secrets.values().forEach(option -> option.putInto(snapshot, type, instance));
    }

    /** The inner stanza of this name, which is made if it is new. */
    StanzaContent inner(StanzaType innerType, String instance) {
        return inner.computeIfAbsent(innerType.key(), ignored -> new LinkedHashMap<>())
                .computeIfAbsent(instance, ignored -> new StanzaContent(innerType));
    }

    /** The instance that differs from a name in letter case only; Configuration Admin cannot tell the two apart. */
    Optional<String> twinOf(StanzaType innerType, String instance) {
        return inner.getOrDefault(innerType.key(), Map.of()).keySet().stream()
                .filter(other -> other.equalsIgnoreCase(instance) && !other.equals(instance))
                .findFirst();
    }

    /** One flat dictionary. A setting that is not written here comes from outside, if the type inherits it. */
    Map<String, Object> flatten(Map<String, Object> outside) {
        Map<String, Object> flat = new LinkedHashMap<>();
        flattenInto(flat, "", outside);
        return flat;
    }

    private void flattenInto(Map<String, Object> flat, String prefix, Map<String, Object> outside) {
        Map<String, Object> around = new HashMap<>(outside);
        options.forEach((key, value) -> value.ifPresentOrElse(v -> around.put(key, v), () -> around.remove(key)));
        options.forEach((key, value) -> value.ifPresent(v -> flat.put(prefix + key, v)));
        for (Setting<?> setting : type.inherited()) {
            if (around.containsKey(setting.key()) && !setting.type().isSecret()) {
                flat.put(prefix + setting.key(), around.get(setting.key()));
            }
        }
        inner.forEach((kind, instances) -> {
            flat.put(prefix + kind, instances.keySet().toArray(String[]::new));
            instances.forEach((name, content) -> content.flattenInto(flat, prefix + kind + "/" + name + "/", around));
        });
    }

    /** A typed value as Configuration Admin gets it: in the one spelling that components convert without surprises. */
    static Object flat(Object value) {
        return switch (value) {
            case List<?> words -> words.stream().map(String::valueOf).toArray(String[]::new);
            case Duration duration -> String.valueOf(duration.toSeconds());
            default -> String.valueOf(value);
        };
    }
}
