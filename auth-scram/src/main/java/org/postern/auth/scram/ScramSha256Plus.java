// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslMechanism;

/** SCRAM-SHA-256-PLUS. */
@Component(service = SaslMechanism.class)
@Mechanism(name = "SCRAM-SHA-256-PLUS", revealsSecret = false, feeds = PasswordCredential.KIND)
@ServiceRanking(94)
public final class ScramSha256Plus extends BoundScram {

    /** Made by Declarative Services. */
    @Activate
    public ScramSha256Plus(@Reference SaltedPasswords passwords) {
        this(Scram.bound(Hash.SHA_256, passwords));
    }

    ScramSha256Plus(Scram scram) {
        super(scram);
    }
}
