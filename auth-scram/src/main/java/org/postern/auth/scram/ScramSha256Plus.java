// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.ChannelBindingMechanism;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.TlsEvidence;

/** SCRAM-SHA-256-PLUS: bound to the TLS session, so that nobody in between can pass it on. */
@Component(service = SaslMechanism.class)
@Mechanism(name = "SCRAM-SHA-256-PLUS", revealsSecret = false, feeds = PasswordCredential.KIND)
@ServiceRanking(94)
public final class ScramSha256Plus implements ChannelBindingMechanism {

    private final Scram scram;

    /** Made by Declarative Services. */
    @Activate
    public ScramSha256Plus(@Reference SaltedPasswords passwords) {
        this(Scram.bound(Hash.SHA_256, passwords));
    }

    ScramSha256Plus(Scram scram) {
        this.scram = scram;
    }

    @Override
    public boolean canBind(TlsEvidence tls) {
        return Gs2Header.canBind(tls);
    }

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        return scram.open(context, credential);
    }
}
