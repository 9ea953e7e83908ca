// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.StanzaType;

/**
 * The stanza {@code Auth_JDK}.
 *
 * @param mechanisms the mechanisms to provide, in upper case
 * @param keytab the keytab for GSSAPI without a password
 */
record JdkConfiguration(List<String> mechanisms, Optional<String> keytab) {

    /** The persistent identity of the stanza. */
    static final String PID = "org.postern.auth.jdk";

    /** Harmless by itself: it needs a client certificate, and a type that names it. */
    private static final List<String> DEFAULT = List.of(Profile.EXTERNAL);

    private static final Setting<List<String>> MECHANISMS = Setting.of(
                    "Mechanisms",
                    SettingType.WORDS,
                    DEFAULT,
                    "The mechanisms to provide, of those that the Java runtime and other bundles have.")
            .in(ScopeKind.GLOBAL);
    private static final Setting<String> KEYTAB = Setting.of(
                    "Keytab", SettingType.TEXT, "The keytab that GSSAPI uses where no password is configured.")
            .in(ScopeKind.GLOBAL);

    static final StanzaType STANZA = StanzaType.forBundle(
                    "Auth_JDK",
                    PID,
                    "The mechanisms that come from the Java runtime or as a SaslClientFactory.",
                    MECHANISMS,
                    KEYTAB)
            .evenIfAbsent();

    private static final String DIRECTORY = "postern.config.directory";

    static JdkConfiguration read(Map<String, ?> properties) {
        Path base = Path.of(String.valueOf(properties.containsKey(DIRECTORY) ? properties.get(DIRECTORY) : ""));
        Optional<String> keytab = Optional.ofNullable(properties.get(KEYTAB.key()))
                .map(Object::toString)
                .filter(file -> !file.isEmpty())
                .map(file -> base.resolve(file).toString());
        return new JdkConfiguration(words(properties.get(MECHANISMS.key())), keytab);
    }

    private static List<String> words(Object value) {
        Stream<String> words = switch (value) {
            case String[] several -> Stream.of(several);
            case String one -> Stream.of(one);
            case null, default -> DEFAULT.stream();
        };
        return words.filter(word -> !word.isEmpty())
                .map(word -> word.toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }
}
