// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import net.minidev.json.JSONObject;
import org.postern.credential.oauth.protocol.KeyText.UnusableKeyException;
import org.postern.spi.credential.Secret;

/**
 * A service account's key, as Google hands it out in JSON: who signs, and with what. Where the token is asked for comes
 * from the configuration and not from this file, so that a file cannot send the signature elsewhere.
 */
record ServiceAccount(String issuer, String keyId, PrivateKey key) {

    private static final Duration LIFE = Duration.ofMinutes(10);

    static ServiceAccount read(Secret text) throws UnusableKeyException {
        try {
            JSONObject json = JSONObjectUtils.parse(text.reveal(octets -> new String(octets, StandardCharsets.UTF_8)));
            String key = JSONObjectUtils.getNonBlankString(json, "private_key");
            String issuer = JSONObjectUtils.getNonBlankString(json, "client_email");
            return new ServiceAccount(issuer, JSONObjectUtils.getString(json, "private_key_id", ""), KeyText.read(key));
        } catch (ParseException notJson) {
            throw new UnusableKeyException(
                    "the service account's key is not the JSON file that the provider hands out (client_email, private_key)");
        }
    }

    /** A statement that this account acts for a user (RFC 7523 section 3, with Google's claim {@code scope}). */
    SignedJWT assertion(String user, List<String> scopes, URI audience, Instant now)
            throws UnusableKeyException, JOSEException {
        JWSAlgorithm algorithm = KeyText.algorithm(key);
        JWSHeader.Builder header = new JWSHeader.Builder(algorithm);
        if (!keyId.isEmpty()) {
            header.keyID(keyId);
        }
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(user)
                .audience(audience.toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .jwtID(UUID.randomUUID().toString());
        if (!scopes.isEmpty()) {
            claims.claim("scope", String.join(" ", scopes));
        }
        SignedJWT signed = new SignedJWT(header.build(), claims.build());
        signed.sign(signer());
        return signed;
    }

    private JWSSigner signer() throws JOSEException {
        return key instanceof ECPrivateKey curve ? new ECDSASigner(curve) : new RSASSASigner(key);
    }

    /** Whom it belongs to only. */
    @Override
    public String toString() {
        return "ServiceAccount[" + issuer + "]";
    }
}
