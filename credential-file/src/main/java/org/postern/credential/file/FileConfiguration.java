// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.StanzaType;
import org.postern.spi.text.Printable;

/** The stanza {@code Credential_File}: its words, and what they mean. */
final class FileConfiguration {

    /** The persistent identity of the stanza. */
    static final String PID = "org.postern.credential.file";

    /** Stands for the folder that systemd makes for the service. */
    static final String SYSTEMD = "$CREDENTIALS_DIRECTORY";

    static final Setting<List<String>> DIRECTORY = Setting.of(
                    "Directory",
                    SettingType.WORDS,
                    List.of(SYSTEMD, "/run/secrets"),
                    "Folders with secrets; the first one that has the key answers.")
            .in(ScopeKind.GLOBAL);
    static final Setting<String> READABLE_BY = Setting.of(
                    "Readable_By",
                    SettingType.oneOf("owner", "group"),
                    "owner",
                    "Who may read a secret file besides root: its owner alone, or the owner's group too.")
            .in(ScopeKind.GLOBAL);

    static final StanzaType STANZA = StanzaType.forBundle(
            "Credential_File",
            PID,
            "Secrets in files, as Kubernetes, Docker and systemd mount them.",
            DIRECTORY,
            READABLE_BY);

    private static final String CONFIGURATION = "postern.config.directory";

    private FileConfiguration() {}

    /**
     * The folders that the stanza names, in order.
     *
     * @throws IllegalArgumentException if one cannot be a folder; the text says which
     */
    static List<SecretFolder> read(Map<String, ?> properties, Map<String, String> environment) {
        Readers readers = Readers.valueOf(one(properties, READABLE_BY.key())
                .or(READABLE_BY::defaultValue)
                .orElseThrow()
                .toUpperCase(java.util.Locale.ROOT));
        Path base = Path.of(one(properties, CONFIGURATION).orElse(""));
        Optional<List<String>> named = several(properties, DIRECTORY.key());
        List<SecretFolder> folders = new ArrayList<>();
        for (String name : named.or(DIRECTORY::defaultValue).orElseThrow()) {
            folder(name, base, readers, environment, named.isPresent()).ifPresent(folders::add);
        }
        return folders;
    }

    private static Optional<SecretFolder> folder(
            String name, Path base, Readers readers, Map<String, String> environment, boolean named) {
        if (name.equals(SYSTEMD)) {
            Optional<String> made = Optional.ofNullable(environment.get(SYSTEMD.substring(1)));
            if (made.isEmpty() && named) {
                throw new IllegalArgumentException("Credential_File names " + SYSTEMD
                        + ", which is not set: the service needs LoadCredential= or LoadCredentialEncrypted=");
            }
            // systemd lets a service read by an access control list, which looks like the group's permission.
            return made.map(folder -> new SecretFolder(Path.of(folder), Readers.GROUP, named));
        }
        if (name.isBlank() || name.startsWith("$")) {
            throw new IllegalArgumentException(
                    "Credential_File: Directory " + Printable.quoted(name) + " is neither a path nor " + SYSTEMD);
        }
        try {
            return Optional.of(
                    new SecretFolder(base.resolve(name).toAbsolutePath().normalize(), readers, named));
        } catch (InvalidPathException impossible) {
            throw new IllegalArgumentException(
                    "Credential_File: Directory " + Printable.quoted(name) + " cannot be a path here");
        }
    }

    private static Optional<String> one(Map<String, ?> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(Object::toString).filter(text -> !text.isEmpty());
    }

    private static Optional<List<String>> several(Map<String, ?> properties, String key) {
        return switch (properties.get(key)) {
            case null -> Optional.empty();
            case String[] words -> Optional.of(List.of(words));
            case Object word -> Optional.of(List.of(word.toString()));
        };
    }
}
