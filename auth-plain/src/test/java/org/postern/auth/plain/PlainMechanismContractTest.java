// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.plain;

import java.util.List;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.testkit.SaslMechanismContract;

/** What every mechanism promises, for PLAIN. */
class PlainMechanismContractTest implements SaslMechanismContract {

    @Override
    public SaslMechanism mechanism() {
        return new PlainMechanism();
    }

    @Override
    public List<Credential> inexpressible() {
        return List.of(
                credential("user", Secret.of("half of\0a password")),
                credential("us\0er", Secret.of("a password")),
                credential("user", Secret.of("bell\u0007 in a password")),
                credential("user", Secret.copyOf(new byte[] {'n', 'o', ' ', 't', 'e', 'x', 't', (byte) 0xff})),
                credential("user", Secret.of("")),
                credential("", Secret.of("a password")));
    }
}
