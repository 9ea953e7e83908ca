// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.credential.oauth.protocol.HttpTransport;
import org.postern.spi.settings.Setting;
import org.postern.spi.text.Printable;

/**
 * What is written in the stanza of one account.
 *
 * @param name the account
 * @param prefix of its options among the properties
 * @param properties what Configuration Admin handed over
 * @param directory where relative paths start
 */
record Written(String name, String prefix, Map<String, ?> properties, Path directory) {

    Optional<String> value(Setting<?> option) {
        return Optional.ofNullable(properties.get(prefix + option.key()))
                .map(Object::toString)
                .filter(text -> !text.isEmpty());
    }

    String needed(Setting<?> option, String why) {
        return value(option).orElseThrow(() -> wrong("needs " + option.name() + why));
    }

    List<String> words(Setting<?> option) {
        return words(properties.get(prefix + option.key()));
    }

    static List<String> words(Object value) {
        return switch (value) {
            case null -> List.of();
            case String[] words -> List.of(words);
            case Object word -> List.of(word.toString());
        };
    }

    Optional<Path> path(Setting<?> option) {
        try {
            return value(option).map(directory::resolve);
        } catch (InvalidPathException odd) {
            throw wrong("has a " + option.name() + " that is no file name");
        }
    }

    Optional<URI> uri(Setting<?> option) {
        Optional<String> text = value(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text.get());
            HttpTransport.objection(uri).ifPresent(objection -> {
                throw wrong("has a " + option.name() + " that " + objection);
            });
            return Optional.of(uri);
        } catch (URISyntaxException odd) {
            throw wrong("has a " + option.name() + " that is no address");
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

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("account '" + Printable.of(name) + "' of Credential_OAuth " + what);
    }
}
