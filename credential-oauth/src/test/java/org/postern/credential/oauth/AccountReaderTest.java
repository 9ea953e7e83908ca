// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Place;
import org.postern.credential.oauth.Account.Provider;
import org.postern.credential.oauth.OAuthConfiguration.Described;
import org.postern.spi.credential.CredentialRef;

class AccountReaderTest {

    private final Map<String, Object> properties =
            new HashMap<>(Map.of("account", new String[] {"relay"}, "postern.config.directory", "/etc/postern"));

    private AccountReaderTest with(String option, Object value) {
        properties.put("account/relay/" + option, value);
        return this;
    }

    private AccountReaderTest microsoft() {
        return with("provider", "microsoft")
                .with("tenant", "contoso.example")
                .with("client_id", "client")
                .with("user", "relay@contoso.example");
    }

    private Account account() {
        return ((Described.Usable) OAuthConfiguration.read(properties).get("relay")).account();
    }

    private String mistake() {
        return ((Described.Wrong) OAuthConfiguration.read(properties).get("relay")).reason();
    }

    @Test
    void knowsMicrosoft() {
        Account account = microsoft()
                .with("grant", "client_credentials")
                .with("client_secret_key", "relay/secret")
                .account();
        assertThat(account.provider())
                .isEqualTo(new Provider.Known(
                        URI.create("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"),
                        Optional.of(URI.create(
                                "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/devicecode"))));
        assertThat(account.scopes()).containsExactly("https://outlook.office365.com/.default");
        assertThat(account.allowedHosts()).contains("smtp.office365.com");
        assertThat(account.margin()).isEqualTo(Duration.ofMinutes(5));
        assertThat(account.client())
                .isEqualTo(new ClientProof.SharedSecret(new CredentialRef("relay/secret"), Optional.empty()));
    }

    @Test
    void asksForAPersonsScopesWhereAPersonLogsIn() {
        Account account = microsoft().with("grant", "refresh_token").account();
        assertThat(account.scopes()).containsExactly("https://outlook.office.com/SMTP.Send", "offline_access");
        assertThat(account.grant()).isEqualTo(new Grant.RefreshToken(new CredentialRef("relay/refresh-token")));
        assertThat(account.client()).isEqualTo(new ClientProof.None());
    }

    @Test
    void knowsGoogle() {
        Account account = with("provider", "google")
                .with("grant", "jwt_bearer")
                .with("service_account_file", "key.json")
                .with("user", "relay@example.test")
                .account();
        assertThat(account.scopes()).containsExactly("https://mail.google.com/");
        assertThat(account.grant()).isEqualTo(new Grant.JwtBearer(new Place.File(Path.of("/etc/postern/key.json"))));
    }

    @Test
    void letsAnEndpointReplaceTheKnownOne() {
        Account account = microsoft()
                .with("grant", "refresh_token")
                .with("token_endpoint", "http://127.0.0.1:1/token")
                .with("scope", new String[] {"a", "b"})
                .with("allowed_hosts", "smtp.example.test")
                .account();
        assertThat(account.provider())
                .isEqualTo(new Provider.Known(URI.create("http://127.0.0.1:1/token"), Optional.empty()));
        assertThat(account.scopes()).containsExactly("a", "b");
        assertThat(account.allowedHosts()).containsExactly("smtp.example.test");
    }

    @ParameterizedTest
    @CsvSource({
        "grant,,needs Grant",
        "user,,needs User",
        "client_id,,needs Client_Id",
        "tenant,,needs Tenant",
        "client_secret_key,,'needs Client_Secret_Key, Signing_Key'",
        "signing_key,other,has Client_Secret_Key and Signing_Key",
        "client_secret_key,relay,is the account's own name",
        "token_endpoint,http://id.example/token,must begin with https://",
        "token_endpoint,https://user:pw@id.example/token,is no address of a server",
        "token_endpoint,not an address,is no address"
    })
    void saysWhatIsWrong(String option, String value, String expected) {
        microsoft().with("grant", "client_credentials").with("client_secret_key", "relay/secret");
        with(option, value == null ? "" : value);
        assertThat(mistake()).startsWith("account 'relay' of Credential_OAuth ").contains(expected);
    }

    @Test
    void letsOneMistakeSpoilNoOtherAccount() {
        microsoft().with("grant", "refresh_token");
        properties.put("account", new String[] {"broken", "relay"});
        assertThat(OAuthConfiguration.read(properties).get("broken")).isInstanceOf(Described.Wrong.class);
        assertThat(account().name()).isEqualTo("relay");
    }
}
