// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.Map;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises, for EXTERNAL. */
class ExternalContractTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return new ExternalMechanism(Profile.of(Profile.EXTERNAL, Map.of()), Jdk.origin(Profile.EXTERNAL));
    }

    @Override
    public SaslContext context() {
        return Jdk.withCertificate();
    }

    @Override
    public Credential credential(String user, Secret nothingToShow) {
        return new IdentityOnly(user);
    }
}
