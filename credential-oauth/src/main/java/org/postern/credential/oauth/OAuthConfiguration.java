// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.StanzaType;

/** The stanza {@code Credential_OAuth}: its words, and the accounts it describes. */
final class OAuthConfiguration {

    /** The persistent identity of the stanza. */
    static final String PID = "org.postern.credential.oauth";

    static final Setting<String> PROVIDER = global(Setting.of(
            "Provider",
            SettingType.oneOf("microsoft", "google", "oidc"),
            "oidc",
            "The identity provider: one that is known beforehand, or any that has an Issuer."));
    static final Setting<String> TENANT = text("Tenant", "The Microsoft tenant, by its identifier or domain.");
    static final Setting<String> ISSUER = text("Issuer", "The provider's issuer, where its endpoints are published.");
    static final Setting<String> TOKEN_ENDPOINT =
            text("Token_Endpoint", "Where tokens are asked for, instead of what the provider publishes.");
    static final Setting<String> DEVICE_ENDPOINT =
            text("Device_Endpoint", "Where logins of a person begin, instead of what the provider publishes.");
    static final Setting<String> GRANT = global(Setting.of(
            "Grant",
            SettingType.oneOf("client_credentials", "refresh_token", "jwt_bearer"),
            "By what right tokens are asked for."));
    static final Setting<String> USER = text("User", "The mailbox that the token is for.");
    static final Setting<String> CLIENT_ID = text("Client_Id", "The application as the provider knows it.");
    static final Setting<String> CLIENT_SECRET_KEY =
            text("Client_Secret_Key", "The key under which a credential store holds the client secret.");
    static final Setting<String> CLIENT_AUTH = global(Setting.of(
            "Client_Auth",
            SettingType.oneOf("basic", "post"),
            "Whether the client secret is sent in the header or in the body; as the provider says if left out."));
    static final Setting<String> SIGNING_KEY =
            text("Signing_Key", "The key under which a credential store holds the application's private key.");
    static final Setting<String> SIGNING_KEY_FILE =
            text("Signing_Key_File", "A file with the application's private key, readable by its owner only.");
    static final Setting<String> CERTIFICATE_FILE =
            text("Certificate_File", "The certificate that belongs to the signing key.");
    static final Setting<String> CLIENT_ASSERTION_FILE =
            text("Client_Assertion_File", "A file with a signed statement of who the application is.");
    static final Setting<String> SERVICE_ACCOUNT_KEY =
            text("Service_Account_Key", "The key under which a credential store holds the service account's JSON key.");
    static final Setting<String> SERVICE_ACCOUNT_FILE =
            text("Service_Account_File", "The service account's JSON key file, readable by its owner only.");
    static final Setting<String> REFRESH_TOKEN_KEY =
            text("Refresh_Token_Key", "The key under which a credential store holds the refresh token.");
    static final Setting<List<String>> SCOPE =
            global(Setting.of("Scope", SettingType.WORDS, "What the token is to allow."));
    static final Setting<List<String>> ALLOWED_HOSTS =
            global(Setting.of("Allowed_Hosts", SettingType.WORDS, "The hosts that the token may be shown to."));
    static final Setting<Duration> REFRESH_MARGIN = global(Setting.of(
            "Refresh_Margin",
            SettingType.seconds(10, 86_400),
            Duration.ofSeconds(300),
            "Seconds before the end of a token from which on another is fetched."));

    static final StanzaType ACCOUNT = StanzaType.innerNamed(
            "Account",
            "An account at an identity provider; Outbound_SMTP_AUTH_Key names it.",
            PROVIDER,
            TENANT,
            ISSUER,
            TOKEN_ENDPOINT,
            DEVICE_ENDPOINT,
            GRANT,
            USER,
            CLIENT_ID,
            CLIENT_SECRET_KEY,
            CLIENT_AUTH,
            SIGNING_KEY,
            SIGNING_KEY_FILE,
            CERTIFICATE_FILE,
            CLIENT_ASSERTION_FILE,
            SERVICE_ACCOUNT_KEY,
            SERVICE_ACCOUNT_FILE,
            REFRESH_TOKEN_KEY,
            SCOPE,
            ALLOWED_HOSTS,
            REFRESH_MARGIN);

    static final StanzaType STANZA = StanzaType.forBundle(
                    "Credential_OAuth", PID, "Accounts at identity providers whose access tokens are fetched here.")
            .with(ACCOUNT);

    private static final String DIRECTORY = "postern.config.directory";

    private OAuthConfiguration() {}

    /** An account as the stanza describes it. */
    sealed interface Described {

        /** One that can be asked for. */
        record Usable(Account account) implements Described {}

        /** One that cannot. */
        record Wrong(String reason) implements Described {}
    }

    /** The accounts by their names. A wrong one does not keep the others from working. */
    static Map<String, Described> read(Map<String, ?> properties) {
        Path directory = Path.of(String.valueOf(properties.containsKey(DIRECTORY) ? properties.get(DIRECTORY) : ""));
        Map<String, Described> accounts = new LinkedHashMap<>();
        for (String name : Written.words(properties.get(ACCOUNT.key()))) {
            accounts.put(name, describe(new Written(name, ACCOUNT.key() + "/" + name + "/", properties, directory)));
        }
        return accounts;
    }

    private static Described describe(Written written) {
        try {
            return new Described.Usable(AccountReader.read(written));
        } catch (IllegalArgumentException wrong) {
            return new Described.Wrong(wrong.getMessage());
        }
    }

    private static Setting<String> text(String name, String summary) {
        return global(Setting.of(name, SettingType.TEXT, summary));
    }

    private static <T> Setting<T> global(Setting<T> setting) {
        return setting.in(ScopeKind.GLOBAL);
    }
}
