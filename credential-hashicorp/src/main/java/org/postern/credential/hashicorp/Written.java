// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postern.spi.settings.Setting;
import org.postern.spi.text.Printable;

/**
 * What is written in the stanza.
 *
 * @param properties what Configuration Admin handed over
 */
record Written(Map<String, ?> properties) {

    private static final String DIRECTORY = "postern.config.directory";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    Optional<String> value(Setting<?> option) {
        return Optional.ofNullable(properties.get(option.key()))
                .map(Object::toString)
                .filter(text -> !text.isEmpty());
    }

    String needed(Setting<?> option, String why) {
        return value(option).orElseThrow(() -> wrong("needs " + option.name() + why));
    }

    /** What is written, else the default. */
    String orDefault(Setting<String> option) {
        return value(option).or(option::defaultValue).orElseThrow();
    }

    List<String> words(Setting<List<String>> option) {
        return switch (properties.get(option.key())) {
            case null -> option.defaultValue().orElse(List.of());
            case String[] words -> List.of(words);
            case Object word -> List.of(word.toString());
        };
    }

    boolean flag(Setting<Boolean> option) {
        return value(option)
                .map(text -> Set.of("true", "yes", "on", "enabled", "1").contains(text.toLowerCase(Locale.ROOT)))
                .or(option::defaultValue)
                .orElse(false);
    }

    Optional<Path> path(Setting<?> option) {
        try {
            Object directory = properties.get(DIRECTORY);
            return value(option).map(Path.of(directory == null ? "" : directory.toString())::resolve);
        } catch (InvalidPathException odd) {
            throw wrong("has a " + option.name() + " that is no file name");
        }
    }

    /** The one option of these that is written. */
    Optional<Setting<?>> oneOf(Setting<?>... options) {
        List<Setting<?>> given =
                Stream.of(options).filter(option -> value(option).isPresent()).toList();
        if (given.size() > 1) {
            throw wrong("has " + given.get(0).name() + " and " + given.get(1).name() + ", of which one is enough");
        }
        return given.stream().findFirst();
    }

    /** An address of a server, without a slash at its end. */
    URI address(Setting<?> option, String text, boolean plainHttpAllowed) {
        URI uri;
        try {
            uri = new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException odd) {
            throw wrong("has a " + option.name() + " that is no address: '" + Printable.of(text) + "'");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || !scheme.equals("https") && !scheme.equals("http")) {
            throw wrong("has a " + option.name() + " that is no address of a server, such as"
                    + " https://vault.example.net:8200");
        }
        boolean local = LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT));
        if (scheme.equals("http") && !local && !plainHttpAllowed) {
            throw wrong("has a " + option.name() + " that begins with http://: token and secrets would travel in clear."
                    + " Write https://, or Allow_Plain_HTTP = true if something else encrypts that way");
        }
        return uri;
    }

    static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("Credential_HashiCorp " + what);
    }
}
