// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.spi.credential.CredentialRef;

/**
 * One account at an identity provider: everything about it that is no secret.
 *
 * @param name what {@code Outbound_SMTP_AUTH_Key} names
 * @param user the mailbox; the authentication identity of the token
 * @param clientId the application that the provider knows
 * @param provider where its endpoints are
 * @param grant by what right a token is asked for
 * @param client how the application proves what it is
 * @param scopes what the token is to allow; may be empty
 * @param allowedHosts host names that the token may be shown to; empty means wherever the configuration says
 * @param margin how long before its end a token is replaced
 */
public record Account(
        String name,
        String user,
        String clientId,
        Provider provider,
        Grant grant,
        ClientProof client,
        List<String> scopes,
        Set<String> allowedHosts,
        Duration margin) {

    /** @throws NullPointerException if a part is missing */
    public Account {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(grant, "grant");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(margin, "margin");
        scopes = List.copyOf(scopes);
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /** Where in other stores its secrets are kept. */
    Set<CredentialRef> secrets() {
        return Stream.concat(client.stored().stream(), grant.stored().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Where the endpoints of a provider are. */
    public sealed interface Provider {

        /** The host that the account's secrets are for. */
        default String host() {
            return switch (this) {
                case Known known -> known.token().getHost();
                case Discovered discovered -> discovered.issuer().getHost();
            };
        }

        /**
         * Written in the configuration, or known beforehand.
         *
         * @param token the token endpoint (RFC 6749 section 3.2)
         * @param device the device authorization endpoint (RFC 8628 section 3.1), if there is one
         */
        record Known(URI token, Optional<URI> device) implements Provider {}

        /**
         * To be asked for at the issuer (OpenID Connect Discovery 1.0).
         *
         * @param issuer the issuer
         */
        record Discovered(URI issuer) implements Provider {}
    }

    /** By what right a token is asked for. */
    public sealed interface Grant {

        /** Where in another store its secret is kept, if it has one there. */
        default Optional<CredentialRef> stored() {
            return switch (this) {
                case ClientCredentials own -> Optional.empty();
                case RefreshToken refresh -> Optional.of(refresh.token());
                case JwtBearer bearer -> bearer.key().stored();
            };
        }

        /** The application's own (RFC 6749 section 4.4). */
        record ClientCredentials() implements Grant {}

        /**
         * What the user once allowed (RFC 6749 section 6).
         *
         * @param token where the refresh token is kept
         */
        record RefreshToken(CredentialRef token) implements Grant {}

        /**
         * A statement signed by a service account (RFC 7523 section 2.1).
         *
         * @param key the service account's key, in the JSON form of Google
         */
        record JwtBearer(Place key) implements Grant {}
    }

    /** How the application proves what it is. */
    public sealed interface ClientProof {

        /** Where in another store its secret is kept, if it has one there. */
        default Optional<CredentialRef> stored() {
            return switch (this) {
                case None none -> Optional.empty();
                case SharedSecret shared -> Optional.of(shared.secret());
                case Signature signature -> signature.key().stored();
                case AssertionFile assertion -> Optional.empty();
            };
        }

        /** Not at all: a public client. */
        record None() implements ClientProof {}

        /**
         * By a shared secret (RFC 6749 section 2.3.1).
         *
         * @param secret where it is kept
         * @param inBody whether it is sent in the body instead of the header; nothing means as the provider says
         */
        record SharedSecret(CredentialRef secret, Optional<Boolean> inBody) implements ClientProof {}

        /**
         * By a signature ({@code private_key_jwt}, RFC 7523 section 2.2).
         *
         * @param key where the private key is kept, PKCS #8 in PEM form
         * @param certificate the file of the certificate that the provider knows, if it wants its fingerprint
         */
        record Signature(Place key, Optional<Path> certificate) implements ClientProof {}

        /**
         * By a statement that somebody else signs, such as a Kubernetes service account token.
         *
         * @param file where it lies; read for each request, because it is replaced now and then
         */
        record AssertionFile(Path file) implements ClientProof {}
    }

    /** Where a key is kept. */
    public sealed interface Place {

        /** The key in another store, if it is there. */
        default Optional<CredentialRef> stored() {
            return switch (this) {
                case Store store -> Optional.of(store.ref());
                case File file -> Optional.empty();
            };
        }

        /**
         * In another store.
         *
         * @param ref under which key
         */
        record Store(CredentialRef ref) implements Place {}

        /**
         * In a file that only its owner can read.
         *
         * @param path the file
         */
        record File(Path path) implements Place {}
    }
}
