// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.List;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises, for CRAM-MD5. */
class CramMd5ContractTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return Jdk.mechanism(Profile.CRAM_MD5);
    }

    @Override
    public List<Octets> challenges() {
        return List.of(Octets.utf8("<1896.697170952@postoffice.reston.mci.net>"));
    }

    @Override
    public List<Credential> inexpressible() {
        return List.of(
                credential("user", Secret.of("half of\0a password")),
                credential("us\0er", Secret.of("a password")),
                credential("user", Secret.copyOf(new byte[] {'n', 'o', ' ', 't', 'e', 'x', 't', (byte) 0xff})),
                credential("", Secret.of("a password")));
    }
}
