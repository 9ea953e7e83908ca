// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.testkit.CredentialStoreContract;

/** What every store promises, and what is particular to variables. */
class EnvironmentStoreTest implements CredentialStoreContract {

    private volatile Map<String, String> variables = Map.of();
    private final EnvironmentStore store = new EnvironmentStore(() -> variables);

    @Override
    public CredentialStore store() {
        return store;
    }

    @Override
    public void put(String key, String user, String password) {
        change(map -> {
            map.put(new VariableName(key).user(), user);
            map.put(new VariableName(key).password(), password);
            return map;
        });
    }

    @Override
    public void remove(String key) {
        change(map -> {
            map.remove(new VariableName(key).user());
            map.remove(new VariableName(key).password());
            return map;
        });
    }

    private void change(UnaryOperator<Map<String, String>> change) {
        variables = Map.copyOf(change.apply(new HashMap<>(variables)));
    }

    @Override
    public Optional<CredentialStore> unavailableStore() {
        return Optional.of(new EnvironmentStore(() -> Map.of(new VariableName("key").user(), "user")));
    }

    @Test
    void namesVariablesSoThatNoTwoKeysShareOne() {
        assertThat(new VariableName("provider1").user()).isEqualTo("POSTERN_CREDENTIAL_PROVIDER1_USER");
        assertThat(new VariableName("provider1").password()).isEqualTo("POSTERN_CREDENTIAL_PROVIDER1_PASS");
        assertThat(new VariableName("smart-host").user()).isEqualTo("POSTERN_CREDENTIAL_SMART_2DHOST_USER");
        assertThat(new VariableName("Aa_\u00e9").user()).isEqualTo("POSTERN_CREDENTIAL__41A_5F_C3_A9_USER");
    }

    @Test
    void saysWhichVariableIsMissing() {
        variables = Map.of("POSTERN_CREDENTIAL_PROVIDER_PASS", "secret");
        assertThat(store.lookup(new CredentialRef("provider")))
                .isEqualTo(new Lookup.StoreUnavailable(
                        "POSTERN_CREDENTIAL_PROVIDER_PASS is set, and POSTERN_CREDENTIAL_PROVIDER_USER is not"));
        assertThat(store.lookup(new CredentialRef("another")))
                .isEqualTo(new Lookup.NoSuchCredential(
                        "POSTERN_CREDENTIAL_ANOTHER_USER and POSTERN_CREDENTIAL_ANOTHER_PASS are not set"));
    }

    @Test
    void takesAVariableThatIsSetAndEmptyAsSet() {
        variables = Map.of("POSTERN_CREDENTIAL_KEY_USER", "user", "POSTERN_CREDENTIAL_KEY_PASS", "");
        assertThat(store.lookup(new CredentialRef("key")))
                .isInstanceOfSatisfying(
                        Lookup.Found.class, found -> found.credential().close());
    }
}
