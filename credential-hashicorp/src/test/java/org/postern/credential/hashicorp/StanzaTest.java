// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.hashicorp.protocol.LoginMethod;
import org.postern.spi.credential.LookupAttribute;

class StanzaTest {

    private static Connection read(Object... pairs) {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put(pairs[i].toString().toLowerCase(java.util.Locale.ROOT), pairs[i + 1]);
        }
        return Connection.read(properties, Map.of());
    }

    @Test
    void hasDefaultsForAllButTheAddressAndTheToken() {
        Connection connection = read("Address", "https://vault.example.net:8200/", "Token_Env", "VAULT_TOKEN");
        assertThat(connection.addresses()).hasToString("[https://vault.example.net:8200]");
        assertThat(connection.namespace()).isEmpty();
        assertThat(connection.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(connection.pollInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(connection.versioned()).isEmpty();
        assertThat(connection.path()).isEqualTo(new SecretPath("{key}", Set.of()));
        assertThat(connection.layout())
                .isEqualTo(new CredentialLayout(
                        List.of("user", "username"),
                        List.of("password"),
                        List.of("mechanism"),
                        List.of("hosts"),
                        List.of("next_user"),
                        List.of("next_password")));
        assertThat(connection.login()).isInstanceOf(LoginMethod.GivenToken.class);
        assertThat(connection.login().describe()).isEqualTo("the token in environment variable VAULT_TOKEN");
    }

    @Test
    void takesEverythingThatIsWritten() {
        Connection connection = read(
                "Address", new String[] {"https://one:8200", "https://two:8200/vault"},
                "Namespace", "team",
                "Request_Timeout", "7",
                "Poll_Interval", "60",
                "KV_Version", "2",
                "Path", "mail/{binding}/{key}",
                "Key_Variables", "domain",
                "User_Field", "login",
                "Password_Field", new String[] {"pass", "pwd"},
                "Mechanism_Field", "m",
                "Hosts_Field", "h",
                "Next_User_Field", "nu",
                "Next_Password_Field", "np",
                "Auth", "kubernetes",
                "Auth_Mount", "k8s/east",
                "Role", "relay");
        assertThat(connection.addresses()).hasToString("[https://one:8200, https://two:8200/vault]");
        assertThat(connection.namespace()).contains("team");
        assertThat(connection.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(connection.pollInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(connection.versioned()).isEqualTo(Optional.of(true));
        assertThat(connection.path().attributes()).containsOnly(LookupAttribute.BINDING, LookupAttribute.DOMAIN);
        assertThat(connection.layout())
                .isEqualTo(new CredentialLayout(
                        List.of("login"),
                        List.of("pass", "pwd"),
                        List.of("m"),
                        List.of("h"),
                        List.of("nu"),
                        List.of("np")));
        assertThat(connection.login().describe())
                .isEqualTo("login as role 'relay' at auth/k8s/east with the JWT in file"
                        + " /var/run/secrets/kubernetes.io/serviceaccount/token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://vault.example.net:8200",
                "vault.example.net:8200",
                "ftp://vault.example.net",
                "https://user:pass@vault.example.net",
                "https://vault.example.net?x=y",
                "https://vault.example.net#x",
                "https:///path",
                "https://a b",
                "file:///etc/passwd"
            })
    void b_37_refusesAnAddressThatATokenMustNotGoTo(String address) {
        assertThatThrownBy(() -> read("Address", address, "Token_Env", "T"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Credential_HashiCorp has a Address that");
    }

    @Test
    void b_37_allowsPlainHttpOnThisMachineAndWhereItIsSaid() {
        for (String local : new String[] {"http://localhost:8200", "http://127.0.0.1:8200", "http://[::1]:8200"}) {
            assertThat(read("Address", local, "Token_Env", "T").addresses()).hasToString("[" + local + "]");
        }
        assertThat(read("Address", "http://vault.mesh:8200", "Token_Env", "T", "Allow_Plain_HTTP", "true")
                        .addresses())
                .hasToString("[http://vault.mesh:8200]");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            token,      'needs Token_File, Token_Env or Token_Credential'
            approle,    'needs Role_Id, because its Auth is approle'
            kubernetes, 'needs Role, because its Auth is kubernetes'
            jwt,        'needs Jwt_File, Jwt_Env or Jwt_Credential'
            cert,       'needs Client_Certificate_File, because its Auth is cert'
            """)
    void saysWhatALoginNeeds(String method, String words) {
        assertThatThrownBy(() -> read("Address", "https://v:8200", "Auth", method))
                .hasMessageContaining(words);
    }

    @Test
    void saysWhatContradictsItself() {
        assertThatThrownBy(() -> read("Token_Env", "T")).hasMessageContaining("needs Address");
        assertThatThrownBy(() -> read("Address", "https://v", "Token_Env", "T", "Token_File", "t"))
                .hasMessageContaining("Token_File and Token_Env, of which one is enough");
        assertThatThrownBy(() -> read("Address", "https://v", "Token_Env", "T", "Client_Key_File", "k"))
                .hasMessageContaining("Client_Certificate_File and Client_Key_File together");
        assertThatThrownBy(() -> read("Address", "https://v", "Token_Env", "T", "Namespace", "grün"))
                .hasMessageContaining("has a Namespace");
        assertThatThrownBy(() -> read("Address", "https://v", "Token_Env", "T", "Path", "s/{recipient}"))
                .hasMessageContaining("has a Path with {recipient}");
        assertThatThrownBy(() -> read("Address", "https://v", "Token_Env", "T", "Key_Variables", "recipient"))
                .hasMessageContaining("Key_Variables with 'recipient'");
    }

    @Test
    void aStoreWhoseStanzaIsWrongSaysSoInsteadOfBeingAbsent() throws Exception {
        HashicorpStore store = new HashicorpStore(Map.of());
        assertThat(Fixture.shown(store.lookup(new org.postern.spi.credential.CredentialRef("k"))))
                .isEqualTo("unavailable: Credential_HashiCorp needs Address, such as https://vault.example.net:8200");
        assertThat(store.attributes()).isEmpty();
        store.close();
    }
}
