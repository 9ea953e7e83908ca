// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Place;
import org.postern.credential.oauth.Account.Provider;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.settings.Setting;

/** Makes an account of what is written, and says what is wrong with it in words. */
final class AccountReader {

    private final Written written;

    private AccountReader(Written written) {
        this.written = written;
    }

    /** @throws IllegalArgumentException if the stanza is incomplete or contradicts itself; the text says how */
    static Account read(Written written) {
        return new AccountReader(written).account();
    }

    private Account account() {
        Optional<Preset> preset = preset();
        Grant grant = grant();
        List<String> scopes = written.words(OAuthConfiguration.SCOPE);
        List<String> hosts = written.words(OAuthConfiguration.ALLOWED_HOSTS);
        boolean noClient = grant instanceof Grant.JwtBearer;
        return new Account(
                written.name(),
                written.needed(OAuthConfiguration.USER, ", the mailbox that the token is for"),
                noClient
                        ? written.value(OAuthConfiguration.CLIENT_ID).orElse("")
                        : written.needed(OAuthConfiguration.CLIENT_ID, ""),
                provider(preset),
                grant,
                client(grant),
                scopes.isEmpty() ? preset.map(known -> known.scopes(grant)).orElse(List.of()) : scopes,
                hosts.isEmpty() ? preset.map(Preset::hosts).orElse(Set.of()) : Set.copyOf(hosts),
                written.value(OAuthConfiguration.REFRESH_MARGIN)
                        .map(Long::valueOf)
                        .map(Duration::ofSeconds)
                        .orElse(OAuthConfiguration.REFRESH_MARGIN.defaultValue().orElseThrow()));
    }

    private Optional<Preset> preset() {
        return switch (written.value(OAuthConfiguration.PROVIDER).orElse("oidc")) {
            case "microsoft" ->
                Optional.of(Preset.microsoft(
                        written.needed(OAuthConfiguration.TENANT, ", because its Provider is microsoft")));
            case "google" -> Optional.of(Preset.google());
            default -> Optional.empty();
        };
    }

    private Provider provider(Optional<Preset> preset) {
        Optional<URI> token = written.uri(OAuthConfiguration.TOKEN_ENDPOINT);
        Optional<URI> device = written.uri(OAuthConfiguration.DEVICE_ENDPOINT);
        Optional<URI> issuer = written.uri(OAuthConfiguration.ISSUER);
        if (token.isPresent()) {
            return new Provider.Known(token.get(), device);
        }
        if (preset.isPresent()) {
            return preset.get().provider();
        }
        return new Provider.Discovered(issuer.orElseThrow(
                () -> written.wrong("needs an Issuer, a Token_Endpoint, or a Provider that is known")));
    }

    private Grant grant() {
        return switch (written.needed(OAuthConfiguration.GRANT, ": client_credentials, refresh_token or jwt_bearer")) {
            case "client_credentials" -> new Grant.ClientCredentials();
            case "refresh_token" ->
                new Grant.RefreshToken(written.value(OAuthConfiguration.REFRESH_TOKEN_KEY)
                        .map(key -> reference(OAuthConfiguration.REFRESH_TOKEN_KEY, key))
                        .orElseGet(() -> new CredentialRef(written.name() + "/refresh-token")));
            case "jwt_bearer" ->
                new Grant.JwtBearer(place(
                                OAuthConfiguration.SERVICE_ACCOUNT_KEY, OAuthConfiguration.SERVICE_ACCOUNT_FILE)
                        .orElseThrow(() -> written.wrong(
                                "needs Service_Account_Key or Service_Account_File, because its Grant is jwt_bearer")));
            default -> throw written.wrong("has a Grant that is not known");
        };
    }

    private ClientProof client(Grant grant) {
        Optional<Setting<?>> way = written.oneOf(
                OAuthConfiguration.CLIENT_SECRET_KEY,
                OAuthConfiguration.SIGNING_KEY,
                OAuthConfiguration.SIGNING_KEY_FILE,
                OAuthConfiguration.CLIENT_ASSERTION_FILE);
        if (way.isEmpty()) {
            if (grant instanceof Grant.ClientCredentials) {
                throw written.wrong("needs Client_Secret_Key, Signing_Key, Signing_Key_File or Client_Assertion_File,"
                        + " because its Grant is client_credentials");
            }
            return new ClientProof.None();
        }
        if (way.get().equals(OAuthConfiguration.CLIENT_SECRET_KEY)) {
            return new ClientProof.SharedSecret(
                    reference(way.get(), written.needed(way.get(), "")),
                    written.value(OAuthConfiguration.CLIENT_AUTH).map("post"::equals));
        }
        if (way.get().equals(OAuthConfiguration.CLIENT_ASSERTION_FILE)) {
            return new ClientProof.AssertionFile(
                    written.path(OAuthConfiguration.CLIENT_ASSERTION_FILE).orElseThrow());
        }
        return new ClientProof.Signature(
                place(OAuthConfiguration.SIGNING_KEY, OAuthConfiguration.SIGNING_KEY_FILE)
                        .orElseThrow(),
                written.path(OAuthConfiguration.CERTIFICATE_FILE));
    }

    private Optional<Place> place(Setting<?> key, Setting<?> file) {
        return written.oneOf(key, file)
                .map(which -> which.equals(key)
                        ? new Place.Store(reference(key, written.needed(key, "")))
                        : new Place.File(written.path(file).orElseThrow()));
    }

    /**
     * The account's own name is refused: while this store could not answer, the next one would be asked for that name,
     * and what feeds the identity provider would be shown to a mail server.
     */
    private CredentialRef reference(Setting<?> option, String key) {
        if (key.equals(written.name())) {
            throw written.wrong("has a " + option.name() + " that is the account's own name: call that entry otherwise,"
                    + " such as " + key + "/" + option.name().toLowerCase(java.util.Locale.ROOT));
        }
        return new CredentialRef(key);
    }
}
