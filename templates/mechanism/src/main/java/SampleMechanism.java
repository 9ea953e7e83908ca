// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;

/**
 * SAMPLE: the client says who it is and proves that it knows the password, by a keyed hash of what the server asks.
 *
 * <p>As it stands this is a protocol of nobody's. Put yours into {@link SampleExchange}, and say in the annotations here
 * what the engine has to know of it.
 */
@Component
// revealsSecret: whether the peer, or who reads along, learns something that can be used again. If so, TLS has to be
// verified before the engine lets this mechanism speak.
@Mechanism(name = "SAMPLE", revealsSecret = false, feeds = PasswordCredential.KIND)
// Strength: where a peer offers several mechanisms, the one with the highest number is used. PLAIN has 20.
@ServiceRanking(30)
public final class SampleMechanism implements SaslMechanism {

    /** Has no settings. */
    @Activate
    public SampleMechanism() {}

    /** Called by many threads at once. Says here what cannot be expressed, and never says a value. */
    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        if (!(credential instanceof PasswordCredential account)) {
            throw new IllegalArgumentException("SAMPLE needs a password");
        }
        if (account.user().isEmpty()) {
            throw new IllegalArgumentException("the user is empty, which SAMPLE does not permit");
        }
        if (account.password().length() == 0) {
            throw new IllegalArgumentException("the password is empty, which SAMPLE does not permit");
        }
        return new SampleExchange(account);
    }
}
