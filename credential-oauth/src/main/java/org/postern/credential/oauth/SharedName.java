// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Provider;
import org.postern.spi.cluster.SharedRegisters;

/**
 * What relays call the registers of an account: everything that a token depends on and that is no secret, so that relays
 * whose configurations differ do not take tokens from one another.
 */
final class SharedName {

    private SharedName() {}

    /** A name that no other account has, within the bounds of a register's. */
    static String of(Account account) {
        String whole = Stream.of(
                        place(account.provider()).toString(),
                        account.clientId(),
                        account.name(),
                        account.user(),
                        String.join(" ", account.scopes()),
                        word(account.grant()))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining("/"));
        return whole.length() <= SharedRegisters.LONGEST_NAME ? whole : digest(whole);
    }

    private static URI place(Provider provider) {
        return switch (provider) {
            case Provider.Known known -> known.token();
            case Provider.Discovered discovered -> discovered.issuer();
        };
    }

    private static String word(Grant grant) {
        return switch (grant) {
            case Grant.ClientCredentials own -> "client_credentials";
            case Grant.RefreshToken refresh -> "refresh_token";
            case Grant.JwtBearer bearer -> "jwt_bearer";
        };
    }

    private static String digest(String whole) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.US_ASCII));
            // A part has no colon: no other name is like this.
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
