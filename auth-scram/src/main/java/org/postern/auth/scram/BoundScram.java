// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import org.postern.spi.credential.Credential;
import org.postern.spi.sasl.ChannelBindingMechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.TlsEvidence;

/** What the forms of SCRAM have in common that are bound to the TLS session, so that nobody in between can pass them on. */
abstract class BoundScram implements ChannelBindingMechanism {

    private final Scram scram;

    BoundScram(Scram scram) {
        this.scram = scram;
    }

    @Override
    public final boolean canBind(TlsEvidence tls) {
        return Gs2Header.canBind(tls);
    }

    @Override
    public final SaslExchange open(SaslContext context, Credential credential) {
        return scram.open(context, credential);
    }
}
