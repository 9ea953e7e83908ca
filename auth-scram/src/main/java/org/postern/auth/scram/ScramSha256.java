// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;

/** SCRAM-SHA-256. */
@Component(service = SaslMechanism.class)
@Mechanism(name = "SCRAM-SHA-256", revealsSecret = false, feeds = PasswordCredential.KIND)
@ServiceRanking(88)
public final class ScramSha256 implements SaslMechanism {

    private final Scram scram;

    /** Made by Declarative Services. */
    @Activate
    public ScramSha256(@Reference SaltedPasswords passwords) {
        this(Scram.unbound(Hash.SHA_256, passwords));
    }

    ScramSha256(Scram scram) {
        this.scram = scram;
    }

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        return scram.open(context, credential);
    }
}
