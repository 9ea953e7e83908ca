// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.credential.Secret;

/**
 * One request to the API. It does not own its token.
 *
 * @param path below {@code /v1/}, percent-encoded
 * @param token what proves who asks; nothing for a login
 * @param body the members of a POST's JSON object; nothing for a GET
 */
record ApiRequest(String path, Optional<Secret> token, Optional<Map<String, String>> body) {

    /** @throws NullPointerException if a part is missing */
    ApiRequest {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(token, "token");
        body = body.map(Map::copyOf);
    }

    static ApiRequest get(String path, Secret token) {
        return new ApiRequest(path, Optional.of(token), Optional.empty());
    }

    static ApiRequest post(String path, Secret token, Map<String, String> body) {
        return new ApiRequest(path, Optional.of(token), Optional.of(body));
    }

    static ApiRequest withoutToken(String path, Map<String, String> body) {
        return new ApiRequest(path, Optional.empty(), Optional.of(body));
    }

    /** The path only; a login's body holds what it logs in with. */
    @Override
    public String toString() {
        return (body.isPresent() ? "POST " : "GET ") + path;
    }
}
