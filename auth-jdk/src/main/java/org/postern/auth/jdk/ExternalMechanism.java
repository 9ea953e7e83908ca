// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.Optional;
import org.postern.spi.credential.Credential;
import org.postern.spi.sasl.ChannelBindingMechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.TlsEvidence;

/**
 * EXTERNAL (RFC 4422 appendix A): the TLS client certificate is the proof. Without one on the wire there is nothing that
 * the peer could look at, and the mechanism is not used.
 */
final class ExternalMechanism extends JdkMechanism implements ChannelBindingMechanism {

    ExternalMechanism(Profile profile, ClientOrigin origin) {
        super(profile, origin, Optional.empty());
    }

    @Override
    public boolean canBind(TlsEvidence tls) {
        return !tls.localCertificates().isEmpty();
    }

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        if (context.tls().filter(this::canBind).isEmpty()) {
            throw new IllegalArgumentException(
                    "no TLS client certificate was shown to the peer: set TLS_Certificate, and "
                            + "see that the peer asks for one");
        }
        return super.open(context, credential);
    }
}
