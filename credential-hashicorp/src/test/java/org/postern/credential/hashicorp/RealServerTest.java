// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.testkit.CredentialStoreContract;

/**
 * The contract, and what the stand-in says of the API, before a real HashiCorp Vault or OpenBao in development mode, or any
 * other with KV of version 2 at {@code secret/}. Writes below {@code secret/postern-test-…} and deletes that again.
 */
@EnabledIfEnvironmentVariable(named = "VAULT_ADDR", matches = "https?://.+")
@EnabledIfEnvironmentVariable(named = "VAULT_TOKEN", matches = ".+")
class RealServerTest implements CredentialStoreContract {

    private final String address = System.getenv("VAULT_ADDR");
    private final String token = System.getenv("VAULT_TOKEN");
    private final String below = "postern-test-" + UUID.randomUUID();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> written = new HashMap<>();
    private HashicorpStore store;

    @BeforeEach
    void start() {
        Map<String, Object> stanza = new HashMap<>();
        stanza.put("address", address);
        stanza.put("token_env", "VAULT_TOKEN");
        stanza.put("path", "secret/" + below + "/{key}");
        Optional.ofNullable(System.getenv("VAULT_CACERT")).ifPresent(file -> stanza.put("ca_file", file));
        store = new HashicorpStore(stanza, System.getenv(), Clock.systemUTC(), Optional.empty());
    }

    @AfterEach
    void stop() throws Exception {
        for (String key : written.keySet()) {
            call("DELETE", "secret/metadata/" + below + "/" + key, "");
        }
        store.close();
    }

    @Override
    public CredentialStore store() {
        return store;
    }

    @Override
    public void put(String key, String user, String password) throws Exception {
        written.put(key, key);
        com.google.gson.JsonObject data = new com.google.gson.JsonObject();
        data.addProperty("user", user);
        data.addProperty("password", password);
        com.google.gson.JsonObject body = new com.google.gson.JsonObject();
        body.add("data", data);
        assertThat(call("POST", "secret/data/" + below + "/" + key, body.toString()))
                .isEqualTo(200);
    }

    @Override
    public void remove(String key) throws Exception {
        assertThat(call("DELETE", "secret/data/" + below + "/" + key, "")).isEqualTo(204);
    }

    @Test
    void saysWhenAVersionWasDeleted() throws Exception {
        put("relay", "alice", "first");
        remove("relay");
        assertThat(((Lookup.NoSuchCredential) store.lookup(new CredentialRef("relay"))).reason())
                .startsWith("version 1 of \"secret/" + below + "/relay\" was deleted on ");
    }

    private int call(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
                .header("X-Vault-Token", token)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
