// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

class StoreReferenceTest {

    private static final Set<String> STORES = StoreReference.storesWith(List.of("CyberArk"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vault:relay-1|vault|relay-1",
                "hashicorp:smtp/relay-1#password|hashicorp|smtp/relay-1#password",
                "jdbc:accounts/relay-1|jdbc|accounts/relay-1",
                "file:relay-1|file|relay-1",
                "VAULT:Relay|vault|Relay",
                "cyberark:a:b|cyberark|a:b",
                "vault:|vault|''"
            })
    void namesAStoreAndAKey(String written, String store, String key) {
        assertThat(StoreReference.of(written, STORES)).contains(new StoreReference(store, key));
        assertThat(StoreReference.of(Secret.of(written), STORES)).contains(new StoreReference(store, key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "vault",
                "user:pass:word",
                "vaults:relay",
                " vault:relay",
                "https://vault:relay",
                "literal:vault:relay",
                "paßwörd:x",
                "vault\u017f:x"
            })
    void isNoneWhereTheFirstWordIsNoStoreThatTheConfigurationKnows(String password) {
        assertThat(StoreReference.of(password, STORES)).isEmpty();
        assertThat(StoreReference.of(Secret.of(password), STORES)).isEmpty();
    }

    @Test
    void takesWhatStandsBehindLiteralAsItIs() {
        assertThat(StoreReference.literal("literal:vault:relay")).isEqualTo("vault:relay");
        assertThat(StoreReference.literal("Literal:literal:x")).isEqualTo("literal:x");
        assertThat(StoreReference.literal("plain")).isEqualTo("plain");
        assertThat(StoreReference.literal(Secret.of("literal:ü\u0000"))).isEqualTo(Secret.of("ü\u0000"));
        assertThat(StoreReference.literal(Secret.of("litera"))).isEqualTo(Secret.of("litera"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "vault:relay", "literal:", "literal:x", "cyberark:x", "a:b"})
    void writesWhatIsMeantSoThatItIsReadAsThat(String meant) {
        String written = StoreReference.asLiteral(meant, STORES);
        assertThat(StoreReference.of(written, STORES)).isEmpty();
        assertThat(StoreReference.literal(written)).isEqualTo(meant);
    }

    @Test
    void givesACopyThatCanBeClosed() {
        Secret written = Secret.of("plain");
        StoreReference.literal(written).close();
        assertThat(written).isEqualTo(Secret.of("plain"));
    }

    @Test
    void tellsFieldsOfOneEntryFromOtherEntries() {
        StoreReference password = new StoreReference("hashicorp", "smtp/relay#password");
        assertThat(password.sameEntryAs(new StoreReference("hashicorp", "smtp/relay#user")))
                .isTrue();
        assertThat(password.sameEntryAs(new StoreReference("hashicorp", "smtp/relay")))
                .isTrue();
        assertThat(password.sameEntryAs(new StoreReference("hashicorp", "smtp/relay-2#password")))
                .isFalse();
        assertThat(password.sameEntryAs(new StoreReference("vault", "smtp/relay#password")))
                .isFalse();
    }

    @Test
    void knowsTheStoresThatAnyScopeNames() {
        SettingsSnapshot snapshot = SettingsSnapshot.builder(1)
                .put(
                        ScopePath.ofDomain("a.example"),
                        OutboundAuthSettings.CREDENTIAL_STORES,
                        new Located<>(Optional.of(List.of("CyberArk", "vault")), new Origin("postern.conf", 1, 1)))
                .build();
        assertThat(StoreReference.storesIn(snapshot)).contains("cyberark", "vault", "jdbc");
        assertThat(StoreReference.storesIn(SettingsSnapshot.empty())).doesNotContain("cyberark");
        assertThat(StoreReference.order(List.of("Vault, file", "vault"))).containsExactly("vault", "file");
    }
}
