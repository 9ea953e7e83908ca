// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.StanzaType;

/** The stanza {@code Credential_Vault}: its words, and what they mean. */
final class VaultConfiguration {

    /** The persistent identity of the stanza. */
    static final String PID = "org.postern.credential.vault";

    static final Setting<String> FILE = text("File", "The vault, a KeePass file of format KDBX 4.");
    static final Setting<String> KEY_FILE =
            text("Key_File", "A file with the vault's key, readable by its owner only.");
    static final Setting<String> KEY_ENV = text("Key_Env", "The environment variable that holds the vault's key.");
    static final Setting<String> KEY_CREDENTIAL =
            text("Key_Credential", "The systemd credential that holds the vault's key.");

    static final StanzaType STANZA = StanzaType.forBundle(
            "Credential_Vault",
            PID,
            "The local vault that Outbound_SMTP_AUTH_Key is looked up in.",
            FILE,
            KEY_FILE,
            KEY_ENV,
            KEY_CREDENTIAL);

    private static final String DIRECTORY = "postern.config.directory";

    private VaultConfiguration() {}

    private static Setting<String> text(String name, String summary) {
        return Setting.of(name, SettingType.TEXT, summary).in(ScopeKind.GLOBAL);
    }

    /**
     * The vault that the stanza describes.
     *
     * @throws IllegalArgumentException if the stanza is incomplete or contradicts itself; the text says how
     */
    static VaultFile read(Map<String, ?> properties, Map<String, String> environment) {
        Path base = Path.of(value(properties, DIRECTORY).orElse(""));
        Path file = value(properties, FILE.key())
                .map(base::resolve)
                .orElseThrow(() -> new IllegalArgumentException("Credential_Vault names no File"));
        List<KeySource> keys = new ArrayList<>();
        value(properties, KEY_FILE.key())
                .map(base::resolve)
                .map(KeySource.KeyFile::new)
                .ifPresent(keys::add);
        value(properties, KEY_ENV.key())
                .map(name -> new KeySource.KeyVariable(name, environment))
                .ifPresent(keys::add);
        value(properties, KEY_CREDENTIAL.key())
                // Path.of: a name that no file can have is refused here, in words, and not at every look.
                .map(name -> new KeySource.SystemdCredential(Path.of(name).toString(), environment))
                .ifPresent(keys::add);
        if (keys.size() != 1) {
            throw new IllegalArgumentException(
                    "Credential_Vault needs exactly one of Key_File, Key_Env and Key_Credential, and has "
                            + keys.size());
        }
        return new VaultFile(file, keys.get(0));
    }

    private static Optional<String> value(Map<String, ?> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(Object::toString).filter(text -> !text.isEmpty());
    }
}
