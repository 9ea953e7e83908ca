// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A statement of who the client is that somebody else has signed (RFC 7521 section 4.2). The library knows those only
 * that name the client as their issuer, which a Kubernetes cluster's do not.
 */
final class ForeignAssertion extends ClientAuthentication {

    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final String assertion;

    ForeignAssertion(ClientID client, String assertion) {
        super(ClientAuthenticationMethod.PRIVATE_KEY_JWT, client);
        this.assertion = assertion;
    }

    @Override
    public Set<String> getFormParameterNames() {
        return parameters().keySet();
    }

    @Override
    public void applyTo(HTTPRequest request) {
        try {
            Map<String, List<String>> form = new HashMap<>(request.getBodyAsFormParameters());
            form.putAll(parameters());
            request.setBody(URLUtils.serializeParameters(form));
        } catch (ParseException ours) {
            throw new IllegalStateException("a request that is no form", ours);
        }
    }

    private Map<String, List<String>> parameters() {
        return Map.of(
                "client_id", List.of(getClientID().getValue()),
                "client_assertion_type", List.of(TYPE),
                "client_assertion", List.of(assertion));
    }
}
