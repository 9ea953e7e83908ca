// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.CredentialStore;
import org.postern.testkit.CredentialStoreContract;

/** The contract, over TLS, with a token that lies in a file. */
class HashicorpStoreContractTest implements CredentialStoreContract {

    private final TestAuthority authority = TestAuthority.create();
    private StandInVault vault;
    private HashicorpStore store;
    private HashicorpStore sealed;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        vault = StandInVault.secured(Clock.systemUTC(), authority);
        store = new HashicorpStore(
                Map.of(
                        "address",
                        vault.address(),
                        "ca_file",
                        authority.writeRootPem(folder.resolve("ca.pem")).toString(),
                        "token_env",
                        "TOKEN",
                        "path",
                        "secret/{key}"),
                Map.of("TOKEN", vault.rootToken()),
                Clock.systemUTC(),
                Optional.empty());
    }

    @AfterEach
    void stop() throws Exception {
        store.close();
        if (sealed != null) {
            sealed.close();
        }
        vault.close();
    }

    @Override
    public CredentialStore store() {
        return store;
    }

    @Override
    public void put(String key, String user, String password) {
        vault.put(key, Map.of("user", user, "password", password));
    }

    @Override
    public void remove(String key) {
        vault.delete(key);
    }

    @Override
    public Optional<CredentialStore> unavailableStore() {
        vault.sealed = true;
        sealed = new HashicorpStore(
                Map.of("address", vault.address().replace("https", "http"), "token_env", "TOKEN"),
                Map.of("TOKEN", vault.rootToken()),
                Clock.systemUTC(),
                Optional.empty());
        return Optional.of(sealed);
    }
}
