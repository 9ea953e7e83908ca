// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.login;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.testkit.SaslMechanismContract;

class LoginMechanismContractTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return new LoginMechanism();
    }

    @Override
    public List<Octets> challenges() {
        return List.of(Octets.utf8("Username:"), Octets.utf8("Password:"));
    }

    @Override
    public List<Credential> inexpressible() {
        return List.of(account("us\0er", "secret"), account("user", "sec\0ret"));
    }

    private static Credential account(String user, String password) {
        return new PasswordCredential(
                user, Secret.of(password), new CredentialVersion("1"), Optional.empty(), Set.of());
    }
}
