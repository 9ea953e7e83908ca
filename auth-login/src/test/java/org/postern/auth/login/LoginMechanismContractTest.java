// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.login;

import java.util.List;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises, for LOGIN. */
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
        return List.of(
                credential("user", Secret.of("half of\0a password")), credential("us\0er", Secret.of("a password")));
    }
}
