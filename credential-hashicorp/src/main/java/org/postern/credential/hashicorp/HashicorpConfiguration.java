// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.util.List;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.StanzaType;

/** The words of the stanza {@code Credential_HashiCorp}. */
final class HashicorpConfiguration {

    /** The persistent identity of the stanza. */
    static final String PID = "org.postern.credential.hashicorp";

    static final Setting<List<String>> ADDRESS =
            words("Address", "Where the server is; with several, the next is asked where one cannot serve.");
    static final Setting<String> NAMESPACE = text("Namespace", "The namespace that everything is in.");
    static final Setting<String> CA_FILE =
            text("CA_File", "The certificates of the authorities that the server's may come from, in PEM form.");
    static final Setting<String> CLIENT_CERTIFICATE_FILE =
            text("Client_Certificate_File", "The certificate that is shown to the server, in PEM form.");
    static final Setting<String> CLIENT_KEY_FILE =
            text("Client_Key_File", "The certificate's private key, PKCS #8 in PEM form, readable by its owner only.");
    static final Setting<Boolean> ALLOW_PLAIN_HTTP = global(Setting.of(
            "Allow_Plain_HTTP",
            SettingType.BOOLEAN,
            false,
            "Whether addresses beyond this machine may begin with http://."));
    static final Setting<Duration> REQUEST_TIMEOUT = global(Setting.of(
            "Request_Timeout",
            SettingType.seconds(1, 60),
            Duration.ofSeconds(5),
            "Seconds that each request may take."));

    static final Setting<String> AUTH = global(Setting.of(
            "Auth",
            SettingType.oneOf("token", "approle", "kubernetes", "jwt", "cert"),
            "token",
            "How Postern proves who it is."));
    static final Setting<String> AUTH_MOUNT =
            text("Auth_Mount", "Where that method is mounted below auth/; under its own name if left out.");
    static final Setting<String> ROLE = text("Role", "The role to log in as.");
    static final Setting<String> ROLE_ID = text("Role_Id", "The AppRole's role ID.");
    static final Setting<String> SECRET_ID_FILE =
            text("Secret_Id_File", "A file with the AppRole's secret ID, readable by its owner only.");
    static final Setting<String> SECRET_ID_ENV =
            text("Secret_Id_Env", "The environment variable that holds the AppRole's secret ID.");
    static final Setting<String> SECRET_ID_CREDENTIAL =
            text("Secret_Id_Credential", "The systemd credential that holds the AppRole's secret ID.");
    static final Setting<String> TOKEN_FILE = text("Token_File", "A file with the token, readable by its owner only.");
    static final Setting<String> TOKEN_ENV = text("Token_Env", "The environment variable that holds the token.");
    static final Setting<String> TOKEN_CREDENTIAL =
            text("Token_Credential", "The systemd credential that holds the token.");
    static final Setting<String> JWT_FILE =
            text("Jwt_File", "A file with the JWT; that of the Kubernetes service account if left out.");
    static final Setting<String> JWT_ENV = text("Jwt_Env", "The environment variable that holds the JWT.");
    static final Setting<String> JWT_CREDENTIAL = text("Jwt_Credential", "The systemd credential that holds the JWT.");
    static final Setting<Boolean> WRAPPED = global(Setting.of(
            "Wrapped", SettingType.BOOLEAN, false, "Whether what lies there is a wrapping token, to be opened once."));

    static final Setting<String> PATH = global(Setting.of(
            "Path", SettingType.TEXT, "{key}", "The path of a secret, its engine first; {key} is what is asked for."));
    static final Setting<List<String>> KEY_VARIABLES =
            words("Key_Variables", "What keys may name in braces: binding_group, binding, domain, sender.");
    static final Setting<String> KV_VERSION = global(Setting.of(
            "KV_Version",
            SettingType.oneOf("auto", "1", "2"),
            "auto",
            "The version of the KV engine; the server is asked if it is auto."));
    static final Setting<List<String>> USER_FIELD =
            words("User_Field", List.of("user", "username"), "The field with the user name; the first that is there.");
    static final Setting<List<String>> PASSWORD_FIELD =
            words("Password_Field", List.of("password"), "The field with the password, where the key names none.");
    static final Setting<List<String>> MECHANISM_FIELD =
            words("Mechanism_Field", List.of("mechanism"), "The field with the AUTH mechanism to use.");
    static final Setting<List<String>> HOSTS_FIELD =
            words("Hosts_Field", List.of("hosts"), "The field with the hosts that the password may be shown to.");
    static final Setting<List<String>> NEXT_USER_FIELD =
            words("Next_User_Field", List.of("next_user"), "The field with the user name of the coming password.");
    static final Setting<List<String>> NEXT_PASSWORD_FIELD =
            words("Next_Password_Field", List.of("next_password"), "The field with the coming password.");
    static final Setting<Duration> POLL_INTERVAL = global(Setting.of(
            "Poll_Interval",
            SettingType.seconds(1, 86_400),
            Duration.ofSeconds(30),
            "Seconds between two looks at a secret that is in use."));

    static final StanzaType STANZA = StanzaType.forBundle(
            "Credential_HashiCorp",
            PID,
            "HashiCorp Vault or OpenBao, which credentials are looked up in.",
            ADDRESS,
            NAMESPACE,
            CA_FILE,
            CLIENT_CERTIFICATE_FILE,
            CLIENT_KEY_FILE,
            ALLOW_PLAIN_HTTP,
            REQUEST_TIMEOUT,
            AUTH,
            AUTH_MOUNT,
            ROLE,
            ROLE_ID,
            SECRET_ID_FILE,
            SECRET_ID_ENV,
            SECRET_ID_CREDENTIAL,
            TOKEN_FILE,
            TOKEN_ENV,
            TOKEN_CREDENTIAL,
            JWT_FILE,
            JWT_ENV,
            JWT_CREDENTIAL,
            WRAPPED,
            PATH,
            KEY_VARIABLES,
            KV_VERSION,
            USER_FIELD,
            PASSWORD_FIELD,
            MECHANISM_FIELD,
            HOSTS_FIELD,
            NEXT_USER_FIELD,
            NEXT_PASSWORD_FIELD,
            POLL_INTERVAL);

    private HashicorpConfiguration() {}

    private static Setting<String> text(String name, String summary) {
        return global(Setting.of(name, SettingType.TEXT, summary));
    }

    private static Setting<List<String>> words(String name, String summary) {
        return global(Setting.of(name, SettingType.WORDS, summary));
    }

    private static Setting<List<String>> words(String name, List<String> defaults, String summary) {
        return global(Setting.of(name, SettingType.WORDS, defaults, summary));
    }

    private static <T> Setting<T> global(Setting<T> setting) {
        return setting.in(ScopeKind.GLOBAL);
    }
}
