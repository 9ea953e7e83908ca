// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.JWTBearerGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.JWTAuthentication;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationRequest;
import com.nimbusds.oauth2.sdk.device.DeviceCodeGrant;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.credential.oauth.Account;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.KnownSecrets;
import org.postern.credential.oauth.TokenAnswer;
import org.postern.credential.oauth.TokenSource;
import org.postern.credential.oauth.protocol.KeyText.UnusableKeyException;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/**
 * Asks token endpoints for tokens (RFC 6749, 7523). Requests of all accounts together keep a pace, so that a thousand
 * tokens which end together are no attack on the provider.
 *
 * <p>Threading: safe for many threads.
 */
public final class TokenRequests implements TokenSource {

    private final HttpTransport transport;
    private final EndpointFinder endpoints;
    private final RequestPace pace;
    private final InstantSource clock;

    /** Requests over this transport. */
    public TokenRequests(HttpTransport transport, RequestPace pace, InstantSource clock) {
        this.transport = transport;
        this.endpoints = new EndpointFinder(transport, clock);
        this.pace = pace;
        this.clock = clock;
    }

    @Override
    public TokenAnswer ask(Account account, KnownSecrets secrets) throws InterruptedException {
        try {
            pace.await();
            Endpoints where = endpoints.of(account.provider());
            TokenRequest request = request(account, where, grant(account, secrets, where.token()), secrets);
            HTTPResponse response = request.toHTTPRequest().send(transport);
            return AnswerReader.read(response, where.token(), sent(secrets), clock.instant());
        } catch (InterruptedIOException stopped) {
            throw new InterruptedException(stopped.getMessage());
        } catch (IOException failed) {
            return new TokenAnswer.Failed(
                    "the identity provider cannot be asked: " + failed.getMessage(), Optional.empty());
        } catch (UnusableKeyException wrong) {
            return new TokenAnswer.Refused("unusable_key", wrong.getMessage());
        } catch (JOSEException wrong) {
            return new TokenAnswer.Refused(
                    "unusable_key", "the key cannot sign: " + wrong.getClass().getSimpleName());
        }
    }

    /**
     * Begins a login of a person.
     *
     * @param client the secrets of the account's client
     * @throws IOException if that cannot be; the text says why
     */
    public DeviceLogin beginLogin(Account account, KnownSecrets client) throws IOException {
        Endpoints where = endpoints.of(account.provider());
        URI endpoint = where.device()
                .orElseThrow(
                        () -> new IOException(
                                where.token().getHost() + " has no device flow for this: get a refresh"
                                        + " token from it in another way, as docs/oauth.md describes, and put it into the vault"));
        HTTPResponse response = deviceRequest(account, where, client)
                .endpointURI(endpoint)
                .scope(new Scope(account.scopes().toArray(String[]::new)))
                .build()
                .toHTTPRequest()
                .send(transport);
        try {
            return DeviceLogin.read(response, sent(client));
        } catch (ParseException refused) {
            throw new IOException(endpoint.getHost() + " answered with status " + response.getStatusCode() + ": "
                    + Printable.of(String.valueOf(refused.getMessage())));
        }
    }

    private static DeviceAuthorizationRequest.Builder deviceRequest(
            Account account, Endpoints where, KnownSecrets client) throws IOException {
        try {
            Optional<ClientAuthentication> proof = proof(account, where, client);
            return proof.isPresent()
                    ? new DeviceAuthorizationRequest.Builder(proof.get())
                    : new DeviceAuthorizationRequest.Builder(new ClientID(account.clientId()));
        } catch (UnusableKeyException wrong) {
            throw new IOException(wrong.getMessage());
        } catch (JOSEException wrong) {
            throw new IOException("the key cannot sign");
        }
    }

    /** Asks whether the person has logged in. */
    public DeviceLogin.Poll poll(Account account, DeviceLogin login, KnownSecrets client) {
        try {
            Endpoints where = endpoints.of(account.provider());
            TokenRequest request = request(account, where, new DeviceCodeGrant(login.code()), client);
            HTTPResponse response = request.toHTTPRequest().send(transport);
            return response.getStatusCode() >= AnswerReader.SERVER_ERRORS
                    ? new DeviceLogin.Poll.Failed("status " + response.getStatusCode())
                    : DeviceLogin.readPoll(
                            response,
                            Stream.concat(
                                            sent(client).stream(),
                                            Stream.of(login.code().getValue()))
                                    .toList());
        } catch (IOException failed) {
            return new DeviceLogin.Poll.Failed(String.valueOf(failed.getMessage()));
        } catch (ParseException odd) {
            return new DeviceLogin.Poll.Failed("the answer is no token response");
        } catch (UnusableKeyException wrong) {
            return new DeviceLogin.Poll.Refused(wrong.getMessage());
        } catch (JOSEException wrong) {
            return new DeviceLogin.Poll.Refused("the key cannot sign");
        }
    }

    private AuthorizationGrant grant(Account account, KnownSecrets secrets, URI endpoint)
            throws UnusableKeyException, JOSEException {
        return switch (account.grant()) {
            case Grant.ClientCredentials own -> new ClientCredentialsGrant();
            case Grant.RefreshToken refresh ->
                new RefreshTokenGrant(new RefreshToken(text(secrets.grant().orElseThrow())));
            case Grant.JwtBearer bearer ->
                new JWTBearerGrant(ServiceAccount.read(secrets.grant().orElseThrow())
                        .assertion(account.user(), account.scopes(), endpoint, clock.instant()));
        };
    }

    /** A request with the proof that the account's client gives. */
    private static TokenRequest request(
            Account account, Endpoints where, AuthorizationGrant grant, KnownSecrets secrets)
            throws UnusableKeyException, JOSEException {
        TokenRequest.Builder request = proven(account, where, grant, secrets);
        // A service account's scopes stand in its assertion, and a login's were asked for when it began.
        boolean scopesKnown = grant instanceof JWTBearerGrant || grant instanceof DeviceCodeGrant;
        if (!account.scopes().isEmpty() && !scopesKnown) {
            request.scope(new Scope(account.scopes().toArray(String[]::new)));
        }
        return request.build();
    }

    private static TokenRequest.Builder proven(
            Account account, Endpoints where, AuthorizationGrant grant, KnownSecrets secrets)
            throws UnusableKeyException, JOSEException {
        Optional<ClientAuthentication> proof = proof(account, where, secrets);
        if (proof.isPresent()) {
            TokenRequest.Builder request = new TokenRequest.Builder(where.token(), proof.get(), grant);
            // Optional beside a signature (RFC 7521 section 4.2), and yet Microsoft and others want it.
            return account.client() instanceof ClientProof.Signature
                    ? request.customParameter("client_id", account.clientId())
                    : request;
        }
        return account.clientId().isEmpty()
                ? new TokenRequest.Builder(where.token(), grant)
                : new TokenRequest.Builder(where.token(), new ClientID(account.clientId()), grant);
    }

    /** Nothing for a public client. */
    private static Optional<ClientAuthentication> proof(Account account, Endpoints where, KnownSecrets secrets)
            throws UnusableKeyException, JOSEException {
        ClientID id = new ClientID(account.clientId());
        return switch (account.client()) {
            case ClientProof.None none -> Optional.empty();
            case ClientProof.AssertionFile assertion ->
                Optional.of(new ForeignAssertion(
                        id, text(secrets.client().orElseThrow()).strip()));
            case ClientProof.SharedSecret shared ->
                Optional.of(shared(id, shared, where, secrets.client().orElseThrow()));
            case ClientProof.Signature signature ->
                Optional.of(signature(id, signature, where, secrets.client().orElseThrow()));
        };
    }

    private static ClientAuthentication shared(
            ClientID id, ClientProof.SharedSecret shared, Endpoints where, Secret secret) {
        com.nimbusds.oauth2.sdk.auth.Secret text = new com.nimbusds.oauth2.sdk.auth.Secret(text(secret));
        return shared.inBody().orElse(where.secretInBody())
                ? new ClientSecretPost(id, text)
                : new ClientSecretBasic(id, text);
    }

    private static JWTAuthentication signature(
            ClientID id, ClientProof.Signature signature, Endpoints where, Secret secret)
            throws UnusableKeyException, JOSEException {
        PrivateKey key = KeyText.read(secret);
        Optional<Path> certificate = signature.certificate();
        Base64URL fingerprint = certificate.isPresent() ? KeyText.fingerprint(certificate.get()) : null;
        return new PrivateKeyJWT(id, where.token(), KeyText.algorithm(key), key, null, null, fingerprint, null);
    }

    /** What was sent and must not come back in a message. */
    private static List<String> sent(KnownSecrets secrets) {
        return Stream.concat(secrets.client().stream(), secrets.grant().stream())
                .filter(secret -> secret.length() > 0)
                .map(secret -> text(secret).strip())
                .toList();
    }

    static String text(Secret secret) {
        return secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }
}
