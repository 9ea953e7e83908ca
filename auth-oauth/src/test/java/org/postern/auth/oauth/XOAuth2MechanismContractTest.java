// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises, for XOAUTH2. */
class XOAuth2MechanismContractTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return new XOAuth2Mechanism();
    }

    @Override
    public Credential credential(String user, Secret secret) {
        return new BearerToken(user, secret, new CredentialVersion("1"), Optional.empty(), Set.of());
    }

    @Override
    public List<Credential> inexpressible() {
        return List.of(
                credential("user", Secret.of("token\u0001auth=Bearer other")),
                credential("user", Secret.of("half of\0a token")),
                credential("user", Secret.of("token\r\nMAIL FROM:<>")),
                credential("user", Secret.of("Bearer token")),
                credential("user", Secret.of("t\u00f6ken of letters")),
                credential("user", Secret.of("")),
                credential("us\u0001er", Secret.of("a-token")),
                credential("", Secret.of("a-token")));
    }
}
