// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one scope allows an account.
 *
 * @param sessions at once, if limited
 * @param rates per time, at most one for each thing and time
 */
public record CredentialLimits(OptionalLong sessions, List<Rate> rates) {

    /** No limit at all. */
    public static final CredentialLimits NONE = new CredentialLimits(OptionalLong.empty(), List.of());

    /** Copies the list. */
    public CredentialLimits {
        rates = List.copyOf(rates);
    }

    /**
     * As written in the configuration: the name of a provider stands for that provider's limits, and what comes later
     * replaces what came before for the same thing and time. Zero lifts a limit.
     *
     * @param words each of the form that the option demands
     */
    public static CredentialLimits of(List<String> words) {
        Map<String, Long> figures = new LinkedHashMap<>();
        words.forEach(word -> read(word.toLowerCase(Locale.ROOT), figures));
        OptionalLong sessions = OptionalLong.empty();
        List<Rate> rates = new ArrayList<>();
        for (Map.Entry<String, Long> figure : figures.entrySet()) {
            String[] parts = figure.getKey().split("/");
            if (figure.getValue() == 0) {
                continue;
            }
            if (parts.length == 1) {
                sessions = OptionalLong.of(figure.getValue());
            } else {
                rates.add(new Rate(Counted.named(parts[0]), figure.getValue(), Rate.Window.of(parts[1].charAt(0))));
            }
        }
        return new CredentialLimits(sessions, rates);
    }

    private static void read(String word, Map<String, Long> figures) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            Provider.named(word).limits().forEach(one -> read(one, figures));
            return;
        }
        String[] value = word.substring(equals + 1).split("/");
        String window = value.length == 1 ? "" : "/" + value[1];
        figures.put(word.substring(0, equals) + window, Long.valueOf(value[0]));
    }

    /** Whether nothing is limited. */
    public boolean isEmpty() {
        return sessions.isEmpty() && rates.isEmpty();
    }
}
