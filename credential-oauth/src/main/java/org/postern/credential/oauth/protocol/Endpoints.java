// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.postern.spi.text.Printable;

/**
 * Where to ask for tokens, and how.
 *
 * @param token the token endpoint
 * @param device the device authorization endpoint, if there is one
 * @param secretInBody whether a client secret has to be sent in the body, because the provider takes it nowhere else
 */
public record Endpoints(URI token, Optional<URI> device, boolean secretInBody) {

    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    /** What an issuer publishes (OpenID Connect Discovery 1.0 section 4). */
    static Endpoints discover(URI issuer, HttpTransport transport) throws IOException {
        URI place = URI.create(issuer.toString().replaceAll("/+$", "") + WELL_KNOWN);
        HTTPResponse response = new HTTPRequest(HTTPRequest.Method.GET, place).send(transport);
        if (response.getStatusCode() != HTTPResponse.SC_OK) {
            throw new IOException(place + " answered with status " + response.getStatusCode());
        }
        try {
            return of(issuer, AuthorizationServerMetadata.parse(response.getBodyAsJSONObject()));
        } catch (ParseException unreadable) {
            throw new IOException(place + " answered with something else than a provider's metadata");
        }
    }

    private static Endpoints of(URI issuer, AuthorizationServerMetadata metadata) throws IOException {
        // Section 4.3: a provider that calls itself otherwise may be another one.
        if (!metadata.getIssuer().getValue().equals(issuer.toString())) {
            throw new IOException("the provider at " + issuer + " calls itself "
                    + Printable.of(metadata.getIssuer().getValue()) + ": correct Issuer, letter by letter");
        }
        URI token = metadata.getTokenEndpointURI();
        if (token == null) {
            throw new IOException("the provider at " + issuer + " names no token endpoint");
        }
        for (URI endpoint : List.of(
                token,
                Optional.ofNullable(metadata.getDeviceAuthorizationEndpointURI())
                        .orElse(token))) {
            Optional<String> objection = HttpTransport.objection(endpoint);
            if (objection.isPresent()) {
                throw new IOException("the endpoint " + endpoint + " of " + issuer + " " + objection.get());
            }
        }
        return new Endpoints(
                token, Optional.ofNullable(metadata.getDeviceAuthorizationEndpointURI()), secretInBody(metadata));
    }

    private static boolean secretInBody(AuthorizationServerMetadata metadata) {
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        return methods != null
                && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
    }
}
