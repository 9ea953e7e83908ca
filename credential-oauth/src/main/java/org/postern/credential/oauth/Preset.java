// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Provider;

/**
 * What is known of a provider beforehand.
 *
 * @param provider its endpoints
 * @param ownScopes for the application's own tokens
 * @param userScopes for tokens that a person has allowed
 * @param hosts the mail servers that take its tokens
 */
record Preset(Provider provider, List<String> ownScopes, List<String> userScopes, Set<String> hosts) {

    /** Microsoft Entra for Exchange Online; the scopes are those that its SMTP AUTH page names. */
    static Preset microsoft(String tenant) {
        String base = "https://login.microsoftonline.com/" + java.net.URLEncoder.encode(tenant, StandardCharsets.UTF_8)
                + "/oauth2/v2.0/";
        return new Preset(
                new Provider.Known(URI.create(base + "token"), Optional.of(URI.create(base + "devicecode"))),
                List.of("https://outlook.office365.com/.default"),
                List.of("https://outlook.office.com/SMTP.Send", "offline_access"),
                Set.of("smtp.office365.com", "smtp-mail.outlook.com"));
    }

    /** Google for Gmail and Workspace. Its device flow does not give out the scope for mail. */
    static Preset google() {
        List<String> mail = List.of("https://mail.google.com/");
        return new Preset(
                new Provider.Known(URI.create("https://oauth2.googleapis.com/token"), Optional.empty()),
                mail,
                mail,
                Set.of("smtp.gmail.com", "smtp-relay.gmail.com"));
    }

    List<String> scopes(Grant grant) {
        return switch (grant) {
            case Grant.RefreshToken user -> userScopes;
            case Grant.ClientCredentials own -> ownScopes;
            case Grant.JwtBearer bearer -> ownScopes;
        };
    }
}
