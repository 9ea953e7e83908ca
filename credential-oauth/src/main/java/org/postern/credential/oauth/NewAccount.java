// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Setting;

/**
 * An account of a person that no configuration has yet: what a login needs to know of it, where its secrets go, and the
 * stanza that makes it a credential.
 */
public final class NewAccount {

    private final Account account;
    private final Map<Setting<?>, Object> options;

    private NewAccount(Account account, Map<Setting<?>, Object> options) {
        this.account = account;
        this.options = options;
    }

    /**
     * What the operator says of it.
     *
     * @param name the account
     * @param provider {@code google}, {@code microsoft} or the issuer of another
     * @param tenant the Microsoft tenant
     * @param clientId the application
     * @param user the mailbox
     * @param scopes what the token is to allow; none means what the provider needs for mail
     * @param key where the refresh token is kept; nothing means where an account's is by itself
     * @param hasSecret whether the application has a secret
     */
    public record Description(
            String name,
            String provider,
            Optional<String> tenant,
            String clientId,
            String user,
            List<String> scopes,
            Optional<String> key,
            boolean hasSecret) {

        private static final Set<String> KNOWN = Set.of("google", "microsoft");

        private Map<Setting<?>, Object> options() {
            Map<Setting<?>, Object> options = new LinkedHashMap<>();
            options.put(KNOWN.contains(provider) ? OAuthConfiguration.PROVIDER : OAuthConfiguration.ISSUER, provider);
            tenant.ifPresent(text -> options.put(OAuthConfiguration.TENANT, text));
            options.put(OAuthConfiguration.CLIENT_ID, clientId);
            if (hasSecret) {
                options.put(OAuthConfiguration.CLIENT_SECRET_KEY, name + "/client-secret");
            }
            options.put(OAuthConfiguration.GRANT, "refresh_token");
            key.ifPresent(text -> options.put(OAuthConfiguration.REFRESH_TOKEN_KEY, text));
            options.put(OAuthConfiguration.USER, user);
            if (!scopes.isEmpty()) {
                options.put(OAuthConfiguration.SCOPE, scopes.toArray(String[]::new));
            }
            return options;
        }
    }

    /** @throws IllegalArgumentException if something is missing or does not fit; the text says what */
    public static NewAccount of(Description description) {
        Map<Setting<?>, Object> options = description.options();
        String prefix = OAuthConfiguration.ACCOUNT.key() + "/" + description.name() + "/";
        Map<String, Object> properties = new HashMap<>();
        options.forEach((option, value) -> properties.put(prefix + option.key(), value));
        // No option that is a file can be given here.
        Written written = new Written(description.name(), prefix, properties, Path.of("/"));
        return new NewAccount(AccountReader.read(written), options);
    }

    /** The account. */
    public Account account() {
        return account;
    }

    /** Where the refresh token goes. */
    public CredentialRef place() {
        return grant().token();
    }

    private Grant.RefreshToken grant() {
        return (Grant.RefreshToken) account.grant();
    }

    /** For keeping the refresh token, which stays the caller's. */
    public CredentialUpdate keeping(Secret refreshToken) {
        return RefreshTokenEntry.of(account, grant(), Optional.empty(), refreshToken);
    }

    /** For keeping the application's secret, which stays the caller's: shown to the provider only, as the token is. */
    public CredentialUpdate keepingClient(Secret clientSecret) {
        CredentialRef ref = account.client().stored().orElseThrow();
        Set<String> hosts = Set.of(account.provider().host());
        return new CredentialUpdate(ref, Optional.empty(), account.clientId(), clientSecret, hosts);
    }

    /** What has to be added to the configuration. */
    public String stanza() {
        int width = options.keySet().stream()
                .mapToInt(option -> option.name().length())
                .max()
                .orElse(0);
        String lines = options.entrySet().stream()
                .map(entry -> "    " + entry.getKey().name()
                        + " ".repeat(width - entry.getKey().name().length()) + " = " + shown(entry.getValue()) + "\n")
                .collect(Collectors.joining());
        return "Credential_OAuth {\n  Account " + quoted(account.name()) + " {\n" + lines + "  }\n}\n";
    }

    private static String shown(Object value) {
        return value instanceof String[] words
                ? List.of(words).stream().map(NewAccount::quoted).collect(Collectors.joining(" ", "( ", " )"))
                : quoted(value.toString());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
