// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postern.spi.credential.Secret;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** Vocabularies for tests, close to the real ones. */
public final class Words {

    public static final Setting<Boolean> KEEP = Setting.of(
                    "Keep_Message_Dicts_In_Memory", SettingType.BOOLEAN, false, "Keeps contexts in memory.")
            .in(ScopeKind.GLOBAL);
    public static final Setting<String> GATEWAY = Setting.of("Gateway", SettingType.TEXT, "Where mail goes instead.");
    public static final Setting<List<String>> ROUTES =
            Setting.of("Routes", SettingType.WORDS, "Where to connect.").in(ScopeKind.GLOBAL, ScopeKind.DOMAIN);
    public static final Setting<Long> PORT =
            Setting.of("Remote_SMTP_Port", SettingType.integer(1, 65535), 25L, "Port to connect to.");
    public static final Setting<String> TLS =
            Setting.of("TLS", SettingType.oneOf("no", "ifavailable", "required"), "no", "Whether TLS is used.");
    public static final Setting<Duration> IDLE =
            Setting.of("Idle_Timeout", SettingType.seconds(0, 3600), Duration.ofSeconds(5), "Seconds.");
    public static final Setting<List<String>> RELAY_HOSTS =
            Setting.of("Relay_Hosts", SettingType.WORDS, "Who may relay.").in(ScopeKind.GLOBAL);

    /** Of a bundle with a listener. */
    public static final StanzaType LISTENER = StanzaType.forBundle(
                    "ESMTP_Listener",
                    "org.postern.intake.smtp",
                    "Takes mail in.",
                    Setting.of("Concurrency", SettingType.integer(1, 100_000), 100L, "Connections."),
                    Setting.of("Banner_Words", SettingType.WORDS, "Words."),
                    Setting.of("Verbose", SettingType.BOOLEAN, false, "Whether it talks."),
                    Setting.of("Receive_Timeout", SettingType.seconds(1, 3600), "Seconds."))
            .with(StanzaType.innerNamed(
                            "Listen",
                            "Where.",
                            Setting.of("TLS_Required", SettingType.BOOLEAN, false, "Whether TLS is a must."),
                            Setting.of("Shared_Secret", SettingType.SECRET, "Refused."))
                    .inheriting(RELAY_HOSTS))
            .inheriting(RELAY_HOSTS, IDLE);

    /** One secret of a bundle. */
    public static final Setting<Secret> PASSWORD = Setting.of("Password", SettingType.SECRET, "Opens it.");

    /** Several secrets of a bundle. */
    public static final Setting<List<Secret>> TOKENS = Setting.of("Tokens", SettingType.SECRETS, "Open it too.");

    /** Of a bundle that may be configured several times. */
    public static final StanzaType DATASOURCE = new StanzaType(
            "Datasource",
            java.util.Optional.of("org.postern.datasource"),
            true,
            List.of(Setting.of("Uri", SettingType.WORDS, "Where it is."), PASSWORD, TOKENS),
            List.of(),
            java.util.Set.of(),
            false,
            "A database.");

    /** Of a bundle with a vault. */
    public static final StanzaType VAULT = StanzaType.forBundle(
            "Credential_Vault",
            "org.postern.vault",
            "Keeps secrets.",
            Setting.of("File", SettingType.TEXT, "Which."),
            Setting.of("Key_File", SettingType.TEXT, "What opens it."));

    /** Of a bundle with scripts. */
    public static final StanzaType SCRIPTLET = new StanzaType(
            "scriptlet",
            java.util.Optional.of("org.postern.scripts"),
            true,
            List.of(),
            List.of(StanzaType.innerNamed("script", "One.", Setting.of("source", SettingType.TEXT, "Which."))),
            java.util.Set.of(),
            false,
            "Scripts.");

    private Words() {}

    /** What the engine contributes. */
    public static SettingsVocabulary ofEngine() {
        List<Setting<?>> settings = new ArrayList<>(OutboundAuthSettings.all());
        settings.addAll(List.of(KEEP, GATEWAY, ROUTES, PORT, TLS, IDLE, RELAY_HOSTS));
        return of(settings, List.of());
    }

    /** What bundles contribute. */
    public static SettingsVocabulary ofBundles() {
        return of(List.of(), List.of(LISTENER, DATASOURCE, VAULT));
    }

    /** Any vocabulary. */
    public static SettingsVocabulary of(List<Setting<?>> settings, List<StanzaType> stanzas) {
        return new SettingsVocabulary() {
            @Override
            public List<Setting<?>> settings() {
                return settings;
            }

            @Override
            public List<StanzaType> stanzas() {
                return stanzas;
            }
        };
    }
}
